/** docs/policy.toml: every field of a rule, and rules to begin with, commented out. */

import { type RuleField, ruleFields } from '../../schema/policy/fields.ts';
import { functionGroups } from '../../schema/policy/groups.ts';
import { type Role, roles } from '../../schema/policy/roles.ts';
import { comment } from './config-sample.ts';

/** Rules that most files begin with. */
const beginning = `# [[rule]]
# who = ["user:admin"]
# roles = ["operator", "auditor"]
#
# [[rule]]
# who = ["user:www-data"]
# tokens = ["web"]
# keys = ["label:web-*"]
# functions = ["sign"]
# mechanisms = ["CKM_ECDSA", "CKM_RSA_PKCS_PSS"]
#
# [[rule]]
# who = ["any"]
# tokens = ["web"]
# functions = ["verify", "random"]
# roles = []`;

/** Path (from the project's root) → content. */
export function generatePolicySample(): Map<string, string> {
  const named = functionGroups.filter(({ comes }) => comes === 'named');
  const lines = [
    ...comment(
      'The rules of strongroomd: who may use which token and key for what. The service reads them from the file that service.policy names ' +
        '(/etc/strongroom/policy.toml by default) when it starts, and again on “systemctl reload strongroomd”; with a word that it does not ' +
        'know it keeps the rules it had, and does not start without any. Without the file root and the service’s own user may do everything, ' +
        'and nobody else anything. “strongroom policy check” says what is wrong with a file, and which rule decides what.',
    ),
    '##',
    ...comment(
      'The first rule that matches decides: who asks, for which token, key, function and mechanism. What no rule matches is denied.',
    ),
    '##',
    ...comment('Rules to begin with:'),
    '',
    beginning,
    '',
    ...comment('All that a rule can say:'),
    '',
    '# [[rule]]',
    ...(ruleFields as readonly RuleField[]).flatMap((field) => ['', ...sampleOf(field)]),
    '',
    ...comment('Roles:'),
    ...(roles as readonly Role[]).flatMap((role) => [
      ...item(role.name, role.meaning),
      ...(role.gives.length > 0 && role.of === 'token' ? item('', `Gives: ${role.gives.join(', ')}.`) : []),
    ]),
    '##',
    ...comment('Groups of functions:'),
    ...named.flatMap(({ name, meaning }) => item(name, meaning)),
  ];
  return new Map([['docs/policy.toml', `${lines.join('\n')}\n`]]);
}

function sampleOf(field: RuleField): string[] {
  const range = field.least === undefined ? '' : ` A whole number, ${field.least} to ${field.most}.`;
  const choice = field.choice === undefined ? '' : ` One of: ${field.choice.join(', ')}.`;
  return [
    ...comment(field.meaning + range + choice),
    ...comment(`Default: ${field.default}.`),
    ...(field.warning === undefined ? [] : comment(`Careful: ${field.warning}`)),
    `# ${field.name} = ${field.example}`,
  ];
}

/** A line of a list: the name in a column of its own. */
function item(name: string, text: string): string[] {
  return comment(text).map((line, at) => `##   ${(at === 0 ? name : '').padEnd(11)}${line.slice(3)}`);
}
