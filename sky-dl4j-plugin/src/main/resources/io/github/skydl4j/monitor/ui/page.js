// Asks for the run's data once a second and shows it.
import { LINES, bandwidth, cluster, digits, gantt, lineChart, percent, shares } from '/sky/charts.js';

const PAUSE_MILLIS = 1000;
const LONGEST_PAUSE_MILLIS = 15000;
const SHOWN_HISTORY_ROWS = 40;

const byId = (id) => document.getElementById(id);
let data = null;
let failures = 0;

function text(id, value) {
  if (byId(id).textContent !== value) byId(id).textContent = value;
}

function duration(millis) {
  const seconds = Math.round(millis / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** Fills a table. A heading that ends in a blank and a unit, or a cell that is a number, goes to the right. */
function table(id, headings, rows) {
  const head = document.createElement('thead');
  const body = document.createElement('tbody');
  const row = (cells, tag, parent) => {
    const line = document.createElement('tr');
    cells.forEach((cell, i) => {
      const made = document.createElement(tag);
      made.textContent = cell;
      if (headings[i].number) made.className = 'number';
      if (headings[i].text) made.className = 'text';
      if (tag === 'th') made.scope = 'col';
      line.append(made);
    });
    parent.append(line);
  };
  row(headings.map((heading) => heading.name), 'th', head);
  rows.forEach((cells) => row(cells, 'td', body));
  byId(id).replaceChildren(head, body);
}

const left = (name) => ({ name });
const right = (name) => ({ name, number: true });

function stageNames() {
  return data.plan.stages.map((stage, i) => `${i} ${stage.worker}`);
}

function figures() {
  const { run, now } = data;
  if (!now) return;
  const steps = run.epochs ? run.epochs * run.stepsPerEpoch : null;
  const done = steps ? Math.min(1, now.step / steps) : 0;
  text('progress-value', steps ? percent(done) : `step ${now.step}`);
  byId('progress').value = run.state === 'finished' ? 1 : done;
  const remaining = steps && run.state === 'running' ? `, ${duration((steps - now.step) * now.stepMillis)} left` : '';
  text('progress-note', steps ? `step ${now.step} of ${steps}, epoch ${now.epoch + 1} of ${run.epochs}${remaining}` : `epoch ${now.epoch + 1}`);
  text('loss-value', now.loss === null ? 'NaN' : digits(now.loss, 4));
  text('loss-note', `of step ${now.step}`);
  text('speed-value', digits(now.samplesPerSecond));
  if (now.medianStepMillis) {
    text('step-value', `${digits(now.medianStepMillis)} ms`);
    text('step-note', `predicted ${digits(data.plan.predictedStepMillis)} ms`);
    text('bound-value', `${now.overBound.toFixed(2)} ×`);
    text('bound-note', `bound ${digits(now.boundMillis)} ms`);
  }
  text('bottleneck-value', now.bottleneck);
  text('bottleneck-note', `occupied ${percent(now.bottleneckShare)} of the step`);
}

function planTable() {
  const { plan, stages } = data;
  text('plan-note', `Planner ${plan.planner}, schedule ${plan.schedule}, ${plan.microBatches} micro-batches.`);
  byId('plan-notes').replaceChildren(...plan.notes.map((note) => {
    const item = document.createElement('li');
    item.textContent = note;
    return item;
  }));
  const measured = (i, key) => (stages[i] ? percent(stages[i][key]) : '–');
  table('plan',
    [left('Stage'), left('Worker'), right('Units'), left('From'), left('To'), right('Planned busy'), right('Measured busy'), right('Waits for input'), right('Waits for link'), left('Link to the next')],
    plan.stages.map((stage, i) => [
      i, stage.worker, stage.endUnit - stage.firstUnit, stage.firstUnitName, stage.lastUnitName, percent(stage.plannedBusy),
      measured(i, 'busy'), measured(i, 'inputWait'), measured(i, 'linkWait'),
      i < plan.links.length ? bandwidth(plan.links[i].bytesPerSecond) : '',
    ]));
}

function eventTable() {
  table('events', [left('Time'), right('Step'), left('What'), { name: 'Details', text: true }],
    [...data.events].reverse().map((event) => [new Date(event.time).toLocaleTimeString(), event.step, event.kind, event.text]));
}

function ganttTable() {
  if (!byId('gantt-table').closest('details').open) return;
  const names = stageNames();
  const kinds = { F: 'forward', B: 'backward', U: 'update' };
  table('gantt-table', [left('Stage'), left('Work'), right('Micro-batch'), right('Start, ms'), right('Duration, ms')],
    data.gantt.bars.map(([row, kind, microBatch, start, length]) =>
      [names[row], kinds[kind], kind === 'U' ? '' : microBatch, start.toFixed(2), length.toFixed(2)]));
}

function historyTable() {
  if (!byId('history-table').closest('details').open) return;
  const names = data.plan.stages.map((_, i) => right(`Busy ${i}`));
  const every = Math.max(1, Math.ceil(data.history.length / SHOWN_HISTORY_ROWS));
  table('history-table', [right('Steps'), right('Loss'), right('Step, ms'), right('Samples/s'), ...names],
    data.history.filter((_, i) => i % every === 0).map((point) => [
      point.steps === 1 ? `${point.step}` : `${point.step} to ${point.step + point.steps - 1}`,
      digits(point.loss, 4), digits(point.stepMillis), digits(point.samplesPerSecond),
      ...names.map((_, s) => (point.busy[s] === undefined ? '–' : percent(point.busy[s]))),
    ]));
}

function charts() {
  const { plan, now, history } = data;
  const names = stageNames();
  cluster(byId('cluster'), `${plan.stages.length} stages on ${plan.workers.length} workers`, plan, now?.bottleneck);
  if (data.gantt) {
    gantt(byId('gantt'), `Forwards and backwards of step ${data.gantt.step}`, names, data.gantt, byId('show-plan').checked);
    text('gantt-title', `Last step: ${data.gantt.step}, ${digits(data.gantt.stepMillis)} ms`);
    ganttTable();
  }
  if (data.stages.length > 0) {
    shares(byId('now'), 'Shares of the step by stage', names, data.stages, plan.stages.map((stage) => stage.plannedBusy));
  }
  const steps = history.map((point) => point.step + (point.steps - 1) / 2);
  const kinds = names.map((_, i) => `line${i % LINES}${i >= LINES ? ' second' : ''}`);
  lineChart(byId('busy'), 'Busy share of each stage over the steps', '% of the step', steps,
    names.map((name, i) => ({ name, kind: kinds[i], values: history.map((point) => (point.busy[i] ?? null) === null ? null : point.busy[i] * 100) })),
    { least: 0, most: 100 });
  byId('busy-legend').replaceChildren(...names.map((name, i) => {
    const item = document.createElement('li');
    const colour = document.createElement('i');
    colour.className = `line${i % LINES}`;
    item.append(colour, name);
    return item;
  }));
  lineChart(byId('loss'), 'Loss over the steps', 'loss', steps, [{ name: 'loss', kind: 'line0', values: history.map((point) => point.loss) }]);
  lineChart(byId('time'), 'Time of a step, predicted time and bound', 'ms', steps,
    [{ name: 'measured', kind: 'line0', values: history.map((point) => point.stepMillis) }],
    { least: 0, marks: [{ kind: 'predicted', value: plan.predictedStepMillis }, { kind: 'bound', value: now?.boundMillis ?? NaN }] });
  historyTable();
}

function show() {
  const run = data?.run;
  const pill = byId('state');
  if (!run) {
    text('state', 'no run');
    text('run', 'Nothing is being trained in this JVM.');
    return;
  }
  pill.className = `pill ${run.state}`;
  text('state', run.state);
  text('run', `run ${run.id}, ${duration(run.elapsedMillis)}`);
  figures();
  eventTable();
  if (data.plan) {
    planTable();
    charts();
  }
}

function notice(message) {
  byId('notice').hidden = !message;
  byId('notice').textContent = message;
}

async function poll() {
  if (document.visibilityState === 'visible') {
    try {
      const answer = await fetch('/sky/data', { cache: 'no-store' });
      if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
      data = await answer.json();
      failures = 0;
      notice('');
      show();
    } catch (problem) {
      failures++;
      notice(`No news from the run (${problem.message}). ${data ? 'Shown is the last that was known.' : ''}`);
    }
  }
  setTimeout(poll, Math.min(LONGEST_PAUSE_MILLIS, PAUSE_MILLIS * 2 ** failures));
}

function theme(choice) {
  if (choice === 'auto') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = choice;
  }
  text('theme', `Theme: ${choice}`);
}

function remembered() {
  try {
    return localStorage.getItem('sky-theme') ?? 'auto';
  } catch {
    return 'auto';
  }
}

byId('theme').addEventListener('click', () => {
  const choices = ['auto', 'light', 'dark'];
  const next = choices[(choices.indexOf(remembered()) + 1) % choices.length];
  try {
    localStorage.setItem('sky-theme', next);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  theme(next);
});
byId('show-plan').addEventListener('change', () => data?.plan && charts());
document.querySelectorAll('details').forEach((part) => part.addEventListener('toggle', () => data?.plan && charts()));
window.addEventListener('resize', () => data?.plan && charts());
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && data && show());
theme(remembered());
poll();
