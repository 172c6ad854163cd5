/** The dashboard for Grafana, from its panels (panels.ts). */
import { metrics as m } from '../../schema/metrics.ts';
import { type Panel, rows } from './panels.ts';

const WIDTH = 8;
const HEIGHT = 8;
const source = { type: 'prometheus', uid: `$\{datasource}` };

function thresholds(red: number | undefined): object {
  const steps: object[] = [{ color: 'green', value: null }];
  if (red !== undefined) steps.push({ color: 'red', value: red });
  return { mode: 'absolute', steps };
}

function panelOf(panel: Panel, id: number, x: number, y: number): object {
  return {
    id,
    type: panel.type,
    title: panel.title,
    description: panel.about,
    datasource: source,
    gridPos: { h: HEIGHT, w: WIDTH, x, y },
    fieldConfig: {
      defaults: { unit: panel.unit, min: 0, thresholds: thresholds(panel.red) },
      overrides: [],
    },
    options:
      panel.type === 'timeseries'
        ? { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } }
        : { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, orientation: 'horizontal' },
    targets: panel.lines.map(([expr, legendFormat], line) => ({
      refId: String.fromCharCode(65 + line),
      datasource: source,
      expr,
      legendFormat,
      range: panel.type === 'timeseries',
      instant: panel.type !== 'timeseries',
    })),
  };
}

export function dashboard(): object {
  const panels: object[] = [];
  let y = 0;
  for (const [title, its] of rows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { h: 1, w: 24, x: 0, y },
      panels: [],
    });
    y++;
    for (const [at, panel] of its.entries()) {
      const column = at % (24 / WIDTH);
      if (at > 0 && column === 0) y += HEIGHT;
      panels.push(panelOf(panel, panels.length + 1, column * WIDTH, y));
    }
    y += HEIGHT;
  }
  return {
    uid: 'strongroom',
    title: 'Strongroom',
    description: 'How engines of Strongroom are: docs/metrics.md says what each figure means.',
    tags: ['strongroom', 'pkcs11'],
    editable: true,
    schemaVersion: 39,
    version: 1,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    timepicker: {},
    annotations: { list: [] },
    links: [],
    templating: {
      list: [
        {
          name: 'datasource',
          label: 'Data source',
          type: 'datasource',
          query: 'prometheus',
          refresh: 1,
          hide: 0,
          includeAll: false,
          multi: false,
          options: [],
          current: {},
        },
        {
          name: 'instance',
          label: 'Engine',
          type: 'query',
          datasource: source,
          query: { query: `label_values(${m.buildInfo.name}, instance)`, refId: 'instance' },
          refresh: 2,
          hide: 0,
          includeAll: true,
          multi: true,
          allValue: '.*',
          options: [],
          current: {},
          sort: 1,
        },
      ],
    },
    panels,
  };
}
