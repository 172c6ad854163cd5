/** From results to gRPC's statuses: every one has its own, and clients are told no more than they should know. */
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { BadAnswer, Refusal } from '../../daemon/cryptoki-client/answers.ts';
import { ckrName, namedResults } from '../../daemon/cryptoki-client/generated/results.ts';
import { TooLong } from '../../daemon/cryptoki-client/writer.ts';
import { about, Problem, serviceError, wrong } from '../../daemon/errors/problem.ts';
import { fieldOf, statusOf, statusOfResult } from '../../daemon/errors/results.ts';
import { LaneError } from '../../module/lane/caller.ts';
import { told } from './support/local-door.ts';

const silent = () => undefined;
const asTold = (error: unknown) => told(serviceError(error, silent));

describe('the table', () => {
  it('has every result that has a name, and no other', () => {
    expect(namedResults.length).toBeGreaterThan(95);
    expect(Object.keys(statusOfResult).sort()).toEqual(namedResults.map(ckrName).sort());
  });

  it('gives each a status of gRPC’s that is an error, save for success', () => {
    for (const rv of namedResults) expect(statusOf(rv) === status.OK, ckrName(rv)).toBe(rv === 0);
    expect(statusOf(0x8123_4567)).toBe(status.UNKNOWN);
  });

  it('blames a field for those that may be a field’s fault alone', () => {
    const blamed = namedResults.filter((rv) => fieldOf(rv) !== undefined);
    expect(blamed.length).toBeGreaterThan(20);
    const may: readonly number[] = [
      status.INVALID_ARGUMENT,
      status.PERMISSION_DENIED,
      status.UNAUTHENTICATED,
    ];
    for (const rv of blamed) expect(may, ckrName(rv)).toContain(statusOf(rv));
  });
});

describe('an error', () => {
  it('says which result it was, and which field was to blame', () => {
    expect(asTold(new Refusal(0xa0, 'C_Login'))).toEqual({
      code: status.UNAUTHENTICATED,
      reason: 'CKR_PIN_INCORRECT',
      fields: ['pin'],
      message: 'C_Login: CKR_PIN_INCORRECT: the PIN is not right',
    });
    expect(asTold(new Refusal(0x5, 'C_Sign'))).toMatchObject({ code: status.INTERNAL, fields: [] });
    expect(asTold(wrong('spec.bits', 'it is odd'))).toMatchObject({
      code: status.INVALID_ARGUMENT,
      reason: 'CKR_ARGUMENTS_BAD',
      fields: ['spec.bits'],
    });
    expect(asTold(new TooLong('too long'))).toMatchObject({ reason: 'CKR_DATA_LEN_RANGE' });
  });

  it('is laid to the field that was asked about', async () => {
    const error = await about('so_pin', Promise.reject(new Refusal(0xa0, 'C_Login'))).catch(
      (e: unknown) => e,
    );
    expect(asTold(error)).toMatchObject({ fields: ['so_pin'] });
    const other = new LaneError('ended', 'gone');
    await expect(about('so_pin', Promise.reject(other))).rejects.toBe(other);
  });

  it.each([
    ['unreachable', status.UNAVAILABLE],
    ['ended', status.UNAVAILABLE],
    ['gone', status.UNAVAILABLE],
    ['version', status.UNAVAILABLE],
    ['stranger', status.UNAVAILABLE],
    ['full', status.RESOURCE_EXHAUSTED],
    ['denied', status.PERMISSION_DENIED],
  ] as const)('of the lanes (%s) is one that clients understand', (why, code) => {
    expect(asTold(new LaneError(why, 'words'))).toMatchObject({ code });
  });

  it('that nobody expected is told to the log alone', () => {
    const log: string[] = [];
    for (const error of [
      new TypeError('the PIN was 1234'),
      new BadAnswer('an answer ends too early'),
      'words',
    ]) {
      const seen = told(serviceError(error, (line) => log.push(line)));
      expect(seen).toMatchObject({ code: status.INTERNAL, reason: 'CKR_GENERAL_ERROR' });
      expect(seen.message).not.toContain('1234');
    }
    expect(log).toHaveLength(3);
    serviceError(new Problem(status.NOT_FOUND, 'CKR_KEY_HANDLE_INVALID', 'none'), (line) => log.push(line));
    expect(log).toHaveLength(3);
  });
});
