/** A stream on which nothing comes any more, over a connection that is well: it is asked, and then given up, and the application goes on over another. */
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type GatewayLane, RemoteApplication } from '../../module/gateway/application.ts';
import type { AttachStream, Link, Upstream } from '../../module/gateway/upstream.ts';
import type { AttachRequest } from '../../module/wire/attach.ts';
import { AnswerBatch, callsIn, Framed } from '../../module/wire/calls.ts';
import {
  AttachResponse,
  AttachRequest as Request,
} from '../../module/wire/generated/strongroom/v1/cryptoki.ts';

const SIGN = 44;
const DEVICE_ERROR = 0x30;

/** The other side of a stream, as far as it is looked at here. */
class Far extends EventEmitter {
  readonly calls: { number: number; fn: number }[] = [];
  readonly hellos: number[] = [];
  cancelled = false;

  write(message: AttachRequest | Framed, done?: () => void): boolean {
    const request = message instanceof Framed ? Request.decode(message.bytes) : message;
    if (request.message?.$case === 'hello') this.hellos.push(request.message.value.resumeId);
    if (request.message?.$case === 'calls')
      for (const { number, fn } of callsIn(request.message.value)) this.calls.push({ number, fn });
    done?.();
    return true;
  }

  welcome(resumed: boolean): void {
    const value = {
      id: 7,
      key: new Uint8Array(16),
      epoch: 1,
      leaseSeconds: 30,
      maxMessageBytes: 1 << 26,
      resumed,
      follows: false,
    };
    this.emit('data', { message: { $case: 'welcome', value } });
  }

  answer(number: number, rv = 0): void {
    const answers = new AnswerBatch();
    answers.put(number, rv, new Uint8Array(0));
    this.emit('data', AttachResponse.decode(answers.frame(1).bytes));
  }

  cancel(): void {
    this.cancelled = true;
  }

  end(): void {
    this.cancelled = true;
  }
}

const streams: Far[] = [];
const replies: number[] = [];
let lost = 0;

function application(): RemoteApplication {
  const attach = (): AttachStream => {
    const far = new Far();
    streams.push(far);
    return far as unknown as AttachStream;
  };
  const link: Link = { attach };
  const upstream = {
    away: 0,
    wanted: () => undefined,
    link: () => Promise.resolve(link),
    lost: () => void lost++,
  };
  return new RemoteApplication(
    {
      upstream: upstream as unknown as Upstream,
      patienceMs: 5000,
      software: 'a test',
      reply: (_lane, rv) => void replies.push(rv),
      changed: () => undefined,
      follow: () => undefined,
      log: () => undefined,
    },
    1,
  );
}

const lane: GatewayLane = { number: 0, request: new Uint8Array(1 << 17), reply: new Uint8Array(1 << 17) };

beforeEach(() => {
  vi.useFakeTimers();
  streams.length = replies.length = lost = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

async function signing(): Promise<{ app: RemoteApplication; far: Far }> {
  const app = application();
  app.call(lane, SIGN, 8, 0);
  await vi.advanceTimersByTimeAsync(1);
  const far = streams[0] as Far;
  far.welcome(false);
  expect(far.calls).toEqual([{ number: 1, fn: SIGN }]);
  return { app, far };
}

test('a long call is waited for as long as the other side answers something', async () => {
  const { far } = await signing();
  for (let minute = 0; minute < 3; minute++) {
    for (let asked = far.calls.length, looks = 0; looks < 6; looks++) {
      await vi.advanceTimersByTimeAsync(10_000);
      for (; asked < far.calls.length; asked++) far.answer((far.calls[asked] as { number: number }).number);
    }
  }
  expect(far.calls.length).toBeGreaterThan(5);
  expect(far.cancelled).toBe(false);
  far.answer(1);
  expect(replies).toEqual([0]);
});

test('when nothing comes at all the call has failed, and the application goes on over another stream', async () => {
  const { far } = await signing();
  await vi.advanceTimersByTimeAsync(40_000);
  expect(far.cancelled).toBe(true);
  expect(lost).toBe(1);
  expect(replies).toEqual([DEVICE_ERROR]);
  const next = streams[1] as Far;
  expect(next.hellos).toEqual([7]);
  next.welcome(true);
  // First it hears that the signature has failed, and only then of the next call.
  expect(next.calls).toHaveLength(1);
});

test('a greeting that is not answered is given up as well', async () => {
  application().call(lane, SIGN, 8, 0);
  await vi.advanceTimersByTimeAsync(45_000);
  expect((streams[0] as Far).cancelled).toBe(true);
  expect(streams.length).toBeGreaterThan(1);
});

test('who waits for nothing asks nothing', async () => {
  const { far } = await signing();
  far.answer(1);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(far.calls).toHaveLength(1);
  expect(far.cancelled).toBe(false);
});
