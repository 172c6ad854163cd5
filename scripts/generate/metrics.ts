/** docs/metrics.md and docs/grafana-dashboard.json: what an engine tells about itself, for people and for Grafana. */
import { doorCuts, doorMetrics, doorRefusals, type Metric, metrics } from '../../schema/metrics.ts';
import { dashboard } from './dashboard.ts';

/** Path (from the project's root) → content. */
export function generateMetrics(): Map<string, string> {
  return new Map([
    ['docs/metrics.md', page()],
    ['docs/grafana-dashboard.json', `${compact(JSON.stringify(dashboard(), undefined, 2))}\n`],
  ]);
}

/** Lists of words stand on one line, as the formatter has them. */
function compact(json: string): string {
  return json.replace(/\[\s+("[^"]*"(?:,\s+"[^"]*")*)\s+\]/g, (_all, words: string) => {
    return `[${words.replace(/,\s+/g, ', ')}]`;
  });
}

function table(all: Readonly<Record<string, Metric>>): string {
  const rows = Object.values(all).map(
    ({ name, type, labels, help }) =>
      `| \`${name}\` | ${type} | ${(labels ?? []).map((label) => `\`${label}\``).join(', ')} | ${help} |`,
  );
  return `| metric | type | labels | what it says |
|---|---|---|---|
${rows.join('\n')}`;
}

function reasons(all: Readonly<Record<string, string>>): string {
  return Object.entries(all)
    .map(([reason, words]) => `| \`${reason}\` | ${words} |`)
    .join('\n');
}

function page(): string {
  return `# Metrics

An engine tells Prometheus, and whatever reads its text format (0.0.4), how it is, if the configuration says where
([strongroom.toml](strongroom.toml), \`service.metrics\`). Without that nothing is counted and nobody listens.

\`\`\`toml
[service]
metrics = "/run/strongroom/metrics.socket"   # or a port of the loopback interface: "127.0.0.1:9464"
\`\`\`

\`\`\`sh
curl --unix-socket /run/strongroom/metrics.socket http://localhost/metrics
\`\`\`

\`\`\`yaml
# prometheus.yml, where a port is configured
scrape_configs:
  - job_name: strongroom
    static_configs: [{ targets: ["127.0.0.1:9464"] }]
\`\`\`

[grafana-dashboard.json](grafana-dashboard.json) shows all of it: in Grafana, Dashboards, New, Import.

- \`/metrics\` is the page. It is made once a second at most, whoever asks; an engine with very many tokens makes it less often, so that no more
  than a fiftieth of its time goes there.
- \`/healthz\` answers 200 while keys can be used, and 503 when the store is out of use or the audit log cannot be written.

**Who can read it.** The socket has mode 0660 and the group of \`service.socket_group\`: the file system decides, and nobody is asked who he is.
A port of the loopback interface is open to everybody on the machine, containers that share its network included. What is told there is how much
is done with which mechanism and how long it takes, in whole microseconds; never a token's or key's label or id, a PIN, a user, a program or a path.

**What it costs.** A call is counted by two additions, some 20 ns; how long it took is known from readings of the clock that the engine takes anyway.
There are 16 connections at most, for a request and five seconds each; when one more comes, the oldest goes.

**When it cannot be had** (the address is in use, something else stands in the socket's place) the engine goes on without, says so in engine.log,
and \`strongroom doctor\` shows it. A socket that is taken away while the engine runs comes back with the next engine.

${table(metrics)}

## The network door

A door is a process of its own with a page of its own, in the same form and under the same rules (\`network.metrics\`). Its labels tell neither the names
of certificates nor addresses; those are in its log. \`/healthz\` answers 200 while the
door is there; whether keys can be used its health checks tell (grpc.health.v1), and the engine's own page.

${table(doorMetrics)}

Why somebody was not let in (\`strongroom_door_refused_total\`):

| reason | what it was |
|---|---|
${reasons(doorRefusals)}

Why somebody was put out again (\`strongroom_door_cut_total\`):

| reason | what it was |
|---|---|
${reasons(doorCuts)}
`;
}
