/** A policy that can't be used. The message has one line for each problem, each of which names the file, the rule and its line. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}
