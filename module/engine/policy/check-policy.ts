/**
 * `check-policy.mjs JSON`: reads a policy as the engine would, and says on standard output what is wrong with it, or which rule decides a question.
 * The words of the question are fields of the JSON; the first line of the answer is `fine`, `allowed`, `denied`, `broken` or `senseless`, and
 * what there is to say follows.
 */
import { functionNames } from '../generated/functions.ts';
import { userNumber } from './accounts.ts';
import { ConfigError, readConfig, withSettings } from './config.ts';
import { systemAccounts } from './rules/accounts.ts';
import { PolicyError } from './rules/error.ts';
import { type Explanation, explain, type Question, Unsaid } from './rules/explain.ts';
import { readPolicy } from './rules/file.ts';
import type { Policy } from './rules/policy.ts';
import { type Asked, QuestionError, questionsOf } from './rules/question.ts';
import type { Rule } from './rules/rule.ts';

interface Wanted extends Partial<Asked> {
  readonly file?: string;
  /** The configuration, for the place of the policy and the service's own user. */
  readonly config?: string;
}

const wanted = JSON.parse(process.argv[2] ?? '{}') as Wanted;
const accounts = systemAccounts();

function answer(word: string, lines: readonly string[]): void {
  process.stdout.write(`${[word, ...lines].join('\n')}\n`);
}

function placed({ number, line }: Rule): string {
  return line === 0 ? `rule ${number}` : `rule ${number} (line ${line})`;
}

/** @throws PolicyError, ConfigError */
function read(): { readonly path: string; readonly policy: Policy } {
  const { given } = readConfig(wanted.config);
  const path = wanted.file ?? withSettings(given).service.policy;
  const service = given.socket_user ?? 'strongroom';
  const owner = userNumber(service) ?? -1;
  const found = readPolicy(path, [process.geteuid?.() ?? -1, owner], accounts);
  if (found === undefined)
    throw new PolicyError(
      `${path}: it is not there, so root and the service’s own user are served, and nobody else`,
    );
  return { path, policy: found.policy };
}

function nameOf({ what }: Question): string {
  return typeof what === 'number' ? (functionNames[what - 1] ?? '') : `the role ${what}`;
}

/** The answer to one question, in sentences. */
function told(question: Question, { allowed, pinless, rule, passed }: Explanation): string[] {
  const name = nameOf(question).replace(/^the/, 'The');
  const pin = pinless ? '; a private key needs no login for it while the token is unlocked' : '';
  const verdict =
    rule === undefined
      ? `${name} is denied: no rule matches, and what no rule allows is denied`
      : `${name} is ${allowed ? 'allowed' : 'denied'} by ${placed(rule)}, the first that matches${pin}`;
  return [`${verdict}.`, ...passed.map((before) => `  ${placed(before.rule)} ${before.why}`)];
}

/** Functions of a group that the same rule decides are told of together. */
function ask(policy: Policy, asked: Asked): void {
  const questions = questionsOf(asked, accounts);
  const answers = questions.map((question) => ({ question, answer: explain(policy.rules, question) }));
  const [first] = answers;
  if (first === undefined) return;
  const alike = answers.every(({ answer: { rule } }) => rule === first.answer.rule);
  const lines = (alike ? [first] : answers).flatMap(({ question, answer: its }) => told(question, its));
  const more = alike && answers.length > 1 ? [`So is the rest of “${asked.what}”.`] : [];
  if (policy.hasHours) {
    const when = new Date(first.question.at).toISOString().slice(0, 16).replace('T', ' ');
    more.push(`That is so at ${when} UTC; --at asks for another time.`);
  }
  answer(answers.every(({ answer: { allowed } }) => allowed) ? 'allowed' : 'denied', [...lines, ...more]);
}

try {
  const { path, policy } = read();
  const { as, what } = wanted;
  if (as !== undefined && what !== undefined) ask(policy, { ...wanted, as, what });
  else answer('fine', [`${path}: ${policy.rules.length} rules, and nothing wrong with them.`]);
} catch (error) {
  if (error instanceof PolicyError || error instanceof ConfigError)
    answer('broken', error.message.split('\n'));
  else if (error instanceof QuestionError) answer('senseless', [error.message]);
  else if (error instanceof Unsaid) {
    const how = error.what === 'key' ? 'say which key' : `say which with --${error.what}`;
    answer('senseless', [`the answer depends on the ${error.what}: ${error.message}; ${how}`]);
  } else throw error;
}
