/** Server reflection (grpc.reflection.v1): what the door speaks, for grpcurl and its like. Only operators are told. */
import { createFileRegistry, type DescFile, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { status } from '@grpc/grpc-js';
import { description } from '../../module/wire/generated/description.ts';
import type {
  ServerReflectionRequest,
  ServerReflectionResponse,
  ServerReflectionServer,
} from '../../module/wire/generated/grpc/reflection/v1/reflection.ts';
import { engineStatus } from '../admin/status.ts';
import { withEngine } from '../engine.ts';
import type { Attach } from '../keys/application.ts';
import type { Calls } from '../rpc.ts';

type Message = NonNullable<ServerReflectionResponse['messageResponse']>;

function missing(what: string): Message {
  const value = { errorCode: status.NOT_FOUND, errorMessage: `${what} is not known here` };
  return { $case: 'errorResponse', value };
}

export class Description {
  readonly #registry = createFileRegistry(
    fromBinary(FileDescriptorSetSchema, Buffer.from(description, 'base64')),
  );
  readonly #services: readonly string[];

  /** @param services that are served, by their full names */
  constructor(services: readonly string[]) {
    this.#services = services;
  }

  /** A file, and those that it imports, each before whoever imports it. */
  #files(file: DescFile): Message {
    const found = new Set<DescFile>();
    const add = (one: DescFile): void => {
      one.dependencies.forEach(add);
      found.add(one);
    };
    add(file);
    const bytes = [...found].map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto));
    return { $case: 'fileDescriptorResponse', value: { fileDescriptorProto: bytes } };
  }

  /** The file of a service, a message or an enum, or of a method, a field or a value in one of them. */
  #fileOf(symbol: string): DescFile | undefined {
    return (
      this.#registry.get(symbol)?.file ?? this.#registry.get(symbol.slice(0, symbol.lastIndexOf('.')))?.file
    );
  }

  answer({ messageRequest }: ServerReflectionRequest): Message {
    switch (messageRequest?.$case) {
      case 'listServices':
        return {
          $case: 'listServicesResponse',
          value: { service: this.#services.map((name) => ({ name })) },
        };
      case 'fileByFilename': {
        const file = this.#registry.getFile(messageRequest.value);
        return file === undefined ? missing('the file') : this.#files(file);
      }
      case 'fileContainingSymbol': {
        const file = this.#fileOf(messageRequest.value);
        return file === undefined ? missing('the symbol') : this.#files(file);
      }
      case 'allExtensionNumbersOfType':
        return this.#registry.getMessage(messageRequest.value) === undefined
          ? missing('the type')
          : {
              $case: 'allExtensionNumbersResponse',
              value: { baseTypeName: messageRequest.value, extensionNumber: [] },
            };
      case 'fileContainingExtension':
        return missing('the extension');
      default:
        return {
          $case: 'errorResponse',
          value: { errorCode: status.INVALID_ARGUMENT, errorMessage: 'nothing is asked' },
        };
    }
  }
}

export function reflectionService(
  calls: Calls,
  attach: Attach,
  described: Description,
): ServerReflectionServer {
  return {
    serverReflectionInfo: calls.both(async (requests, context, write) => {
      // The engine tells its state to operators alone, so whoever hears it is one.
      await withEngine(attach, context, engineStatus);
      for await (const request of requests)
        await write({
          validHost: request.host,
          originalRequest: request,
          messageResponse: described.answer(request),
        });
    }),
  };
}
