// Charts as SVG, drawn anew from the data each time. No library: five kinds of charts, some hundred elements each.

const NAMESPACE = 'http://www.w3.org/2000/svg';
export const LINES = 8;

/** An SVG element with attributes and children; a child that is text becomes text. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** A number with so many significant digits, without trailing zeros of an integer. */
export function digits(value, significant = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.max(0, significant - 1 - size));
}

/** The same without trailing zeros. */
function brief(value) {
  return String(Number(value.toPrecision(3)));
}

export function percent(share) {
  return `${Math.round(share * 100)} %`;
}

/** A bandwidth for people; null is no limit. */
export function bandwidth(bytesPerSecond) {
  if (bytesPerSecond === null) return 'in memory';
  const units = [[1e9, 'Gbit/s'], [1e6, 'Mbit/s'], [1e3, 'kbit/s'], [1, 'bit/s']];
  const bits = bytesPerSecond * 8;
  const [size, unit] = units.find(([least]) => bits >= least) ?? units[3];
  return `${brief(bits / size)} ${unit}`;
}

/** Round values from 0 or below up to most, about so many. */
function ticks(least, most, count) {
  const span = most - least || 1;
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= raw);
  const values = [];
  for (let value = Math.ceil(least / step) * step; value <= most + step * 1e-6; value += step) {
    values.push(Math.abs(value) < step * 1e-6 ? 0 : value);
  }
  return values;
}

function tickText(value) {
  return String(Number(value.toPrecision(6)));
}

function put(container, width, height, label, ...children) {
  const svg = element('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label });
  svg.append(...children);
  container.replaceChildren(svg);
}

function widthOf(container) {
  return Math.max(260, Math.floor(container.clientWidth));
}

/** A name that fits; SVG does not shorten text itself. */
function shortened(name, characters) {
  return name.length <= characters ? name : `${name.slice(0, characters - 1)}…`;
}

/**
 * Lines over steps.
 *
 * @param series [{name, kind, values}], a value for each of the steps, null for a gap
 * @param marks [{name, kind, value}], level lines
 */
export function lineChart(container, label, unit, steps, series, options = {}) {
  const all = series.flatMap((line) => line.values).concat((options.marks ?? []).map((mark) => mark.value))
    .filter((value) => value !== null && Number.isFinite(value));
  if (steps.length === 0 || all.length === 0) {
    container.replaceChildren();
    return;
  }
  const width = widthOf(container);
  const height = 220;
  const [left, right, top, bottom] = [52, 12, 22, 38];
  const span = Math.max(...all) - Math.min(...all) || Math.abs(all[0]) || 1;
  const least = options.least ?? Math.min(...all) - 0.1 * span;
  const highest = options.most ?? Math.max(...all) + 0.1 * span;
  const firstStep = steps[0];
  const lastStep = Math.max(firstStep + 1, steps[steps.length - 1]);
  const x = (step) => left + ((step - firstStep) / (lastStep - firstStep)) * (width - left - right);
  const y = (value) => height - bottom - ((value - least) / (highest - least)) * (height - top - bottom);
  const parts = [element('text', { x: 2, y: 12 }, unit)];
  for (const value of ticks(least, highest, 4)) {
    parts.push(element('line', { class: 'grid', x1: left, x2: width - right, y1: y(value), y2: y(value) }));
    parts.push(element('text', { x: left - 8, y: y(value) + 4, 'text-anchor': 'end' }, (options.text ?? tickText)(value)));
  }
  for (const step of ticks(firstStep, lastStep, width > 480 ? 6 : 4).filter(Number.isInteger)) {
    parts.push(element('line', { class: 'axis', x1: x(step), x2: x(step), y1: height - bottom, y2: height - bottom + 4 }));
    parts.push(element('text', { x: x(step), y: height - bottom + 17, 'text-anchor': 'middle' }, tickText(step)));
  }
  parts.push(element('text', { x: (left + width - right) / 2, y: height - 4, 'text-anchor': 'middle' }, 'step'));
  parts.push(element('line', { class: 'axis', x1: left, x2: width - right, y1: height - bottom, y2: height - bottom }));
  for (const mark of options.marks ?? []) {
    if (Number.isFinite(mark.value)) {
      parts.push(element('line', { class: mark.kind, x1: left, x2: width - right, y1: y(mark.value), y2: y(mark.value) }));
    }
  }
  for (const line of series) {
    let path = '';
    let pen = 'M';
    line.values.forEach((value, i) => {
      if (value === null || !Number.isFinite(value)) {
        pen = 'M';
        return;
      }
      path += `${pen}${x(steps[i]).toFixed(1)} ${y(Math.min(value, highest)).toFixed(1)}`;
      pen = 'L';
    });
    parts.push(element('path', { class: `line ${line.kind}${steps.length === 1 ? ' dot' : ''}`, d: steps.length === 1 ? `${path}h0.1` : path }));
  }
  put(container, width, height, label, ...parts);
}

/**
 * The bars of a step, a lane for each stage, with transfers under the lane they start from.
 *
 * @param bars [row, kind, micro-batch, start, duration], in milliseconds
 */
export function gantt(container, label, names, gantt, showPlan) {
  const width = widthOf(container);
  const narrow = width < 560;
  const lane = 22;
  const planLane = showPlan ? 11 : 0;
  const gap = 13;
  const rowHeight = lane + planLane + gap;
  const characters = narrow ? 9 : 20;
  const left = Math.min(170, 14 + 7.2 * Math.min(characters, Math.max(...names.map((name) => name.length))));
  const right = 14;
  const axis = 36;
  const height = names.length * rowHeight + axis;
  const ends = gantt.bars.map((bar) => bar[3] + bar[4]);
  const planEnds = showPlan ? gantt.plannedBars.map((bar) => bar[3] + bar[4]) : [];
  const most = Math.max(gantt.stepMillis, ...ends, ...planEnds) || 1;
  const x = (millis) => left + (millis / most) * (width - left - right);
  const parts = [];
  for (const millis of ticks(0, most, narrow ? 4 : 8)) {
    parts.push(element('line', { class: 'grid', x1: x(millis), x2: x(millis), y1: 0, y2: height - axis }));
    parts.push(element('text', { x: x(millis), y: height - axis + 15, 'text-anchor': 'middle' }, tickText(millis)));
  }
  parts.push(element('text', { x: (left + width - right) / 2, y: height - 4, 'text-anchor': 'middle' }, 'milliseconds from the start of the step'));
  names.forEach((name, row) => {
    const y = row * rowHeight + 2;
    parts.push(element('rect', { class: 'lane', x: left, y, width: width - left - right, height: lane, rx: 3 }));
    parts.push(element('text', { class: 'name', x: 0, y: y + 15 }, shortened(name, characters), element('title', {}, name)));
    if (showPlan) {
      parts.push(element('text', { x: left - 6, y: y + lane + 10, 'text-anchor': 'end' }, 'plan'));
    }
  });
  for (const [row, kind, microBatch, start, duration] of gantt.bars) {
    const length = Math.max(1, x(start + duration) - x(start) - 0.8);
    const y = row * rowHeight + 2;
    const what = { F: 'forward', B: 'backward', U: 'update' }[kind];
    const text = kind === 'U' ? what : `${what} of micro-batch ${microBatch}`;
    parts.push(element('rect', { class: `bar ${kind}`, x: x(start), y, width: length, height: lane, rx: 2, 'data-stage': row, 'data-kind': kind, 'data-micro-batch': microBatch },
      element('title', {}, `${names[row]}: ${text}, ${digits(start)} to ${digits(start + duration)} ms`)));
    const shown = kind === 'U' ? '' : String(microBatch);
    if (length > 6 + 6.4 * shown.length) {
      parts.push(element('text', { class: 'inside', x: x(start) + length / 2, y: y + 15, 'text-anchor': 'middle', 'pointer-events': 'none' }, shown));
    }
  }
  for (const [link, kind, microBatch, start, duration] of gantt.transfers) {
    const row = kind === 'F' ? link : link + 1;
    const y = row * rowHeight + 2 + lane + planLane + 3;
    parts.push(element('rect', { class: 'T', x: x(start), y, width: Math.max(1.5, x(start + duration) - x(start)), height: 4 },
      element('title', {}, `${kind === 'F' ? 'activations' : 'gradients'} of micro-batch ${microBatch} over the link, ${digits(duration)} ms`)));
  }
  for (const [row, kind, , start, duration] of showPlan ? gantt.plannedBars : []) {
    const y = row * rowHeight + 2 + lane + 2;
    parts.push(element('rect', { class: `plan ${kind}`, x: x(start), y, width: Math.max(1, x(start + duration) - x(start) - 0.8), height: planLane - 3, rx: 1 }));
  }
  put(container, width, height, label, ...parts);
}

/** Shares of the step, a bar for each stage; planned is a mark across it. */
export function shares(container, label, names, stages, planned) {
  const width = widthOf(container);
  const rowHeight = 34;
  const characters = width < 480 ? 9 : 18;
  const left = Math.min(160, 14 + 7.2 * Math.min(characters, Math.max(...names.map((name) => name.length))));
  const right = 58;
  const axis = 36;
  const height = names.length * rowHeight + axis;
  const x = (share) => left + share * (width - left - right);
  const parts = [];
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    parts.push(element('line', { class: 'grid', x1: x(share), x2: x(share), y1: 0, y2: height - axis }));
    parts.push(element('text', { x: x(share), y: height - axis + 15, 'text-anchor': 'middle' }, String(share * 100)));
  }
  parts.push(element('text', { x: x(0.5), y: height - 4, 'text-anchor': 'middle' }, '% of the step'));
  stages.forEach((stage, row) => {
    const y = row * rowHeight + 6;
    parts.push(element('text', { class: 'name', x: 0, y: y + 15 }, shortened(names[row], characters), element('title', {}, names[row])));
    let from = 0;
    const spent = stage.busy + stage.inputWait + stage.linkWait;
    const scale = Math.max(1, spent);
    for (const [kind, share] of [['busy', stage.busy], ['input', stage.inputWait], ['link', stage.linkWait], ['rest', Math.max(0, 1 - spent)]]) {
      const part = share / scale;
      parts.push(element('rect', { class: kind, x: x(from), y, width: Math.max(0, x(from + part) - x(from)), height: 22, 'data-stage': row, 'data-share': share.toFixed(4) }));
      from += part;
    }
    parts.push(element('line', { class: 'mark', x1: x(planned[row]), x2: x(planned[row]), y1: y - 3, y2: y + 25 }));
    parts.push(element('text', { class: 'name strong', x: width - 2, y: y + 15, 'text-anchor': 'end' }, percent(stage.busy)));
  });
  put(container, width, height, label, ...parts);
}

/** Workers in the order of their stages, those that were left out below; on a narrow screen from top to bottom. */
export function cluster(container, label, plan, bottleneck) {
  const width = widthOf(container);
  const used = plan.stages.map((stage) => plan.workers.find((worker) => worker.name === stage.worker));
  const spare = plan.workers.filter((worker) => worker.stages.length === 0);
  const fastest = Math.max(...plan.workers.map((worker) => 1 / worker.slowness));
  const radius = (worker) => Math.max(10, 28 * Math.sqrt(1 / worker.slowness / fastest));
  const speeds = plan.links.map((link) => link.bytesPerSecond).filter((speed) => speed !== null);
  const fastestLink = Math.max(...speeds, 1);
  const wire = (link) => (link.bytesPerSecond === null ? 9 : Math.max(1.5, 8 * Math.sqrt(link.bytesPerSecond / fastestLink)));
  const speed = (worker) => {
    const share = 1 / worker.slowness / fastest;
    return share > 0.995 ? 'the fastest' : `${digits(share, 2)} of the fastest`;
  };
  const vertical = width / used.length < 92;
  const parts = [];
  const pitch = vertical ? 96 : width / used.length;
  const at = (i) => (vertical ? [44, 40 + i * pitch] : [pitch * (i + 0.5), 62]);
  plan.links.forEach((link, i) => {
    const [[x1, y1], [x2, y2]] = [at(i), at(i + 1)];
    const hot = bottleneck === `link ${i}-${i + 1}` ? ' hot' : '';
    const text = bandwidth(link.bytesPerSecond) + (link.latencyMillis > 0 ? `, ${brief(link.latencyMillis)} ms` : '');
    const [r1, r2] = [radius(used[i]), radius(used[i + 1])];
    const ends = vertical ? { x1, x2, y1: y1 + r1, y2: y2 - r2 } : { x1: x1 + r1, x2: x2 - r2, y1, y2 };
    parts.push(element('line', { class: `wire${hot}`, ...ends, 'stroke-width': wire(link) }, element('title', {}, text)));
    parts.push(vertical
      ? element('text', { x: x1 + 44, y: (y1 + y2) / 2 + 10 }, text)
      : element('text', { x: (x1 + x2) / 2, y: 18, 'text-anchor': 'middle' }, text));
  });
  used.forEach((worker, i) => {
    const [x, y] = at(i);
    const hot = bottleneck === `stage ${i}` ? ' hot' : '';
    const units = plan.stages[i].endUnit - plan.stages[i].firstUnit;
    const lines = [worker.name, `stage ${i}, ${units} ${units === 1 ? 'unit' : 'units'}`, speed(worker)];
    parts.push(element('circle', { class: `worker${hot}`, cx: x, cy: y, r: radius(worker) }));
    parts.push(element('text', { class: 'name strong', x, y: y + 4, 'text-anchor': 'middle' }, String(i)));
    lines.forEach((text, line) => parts.push(element('text', {
      class: line === 0 ? 'name strong' : '',
      x: vertical ? x + 44 : x,
      y: vertical ? y - 10 + line * 16 : 112 + line * 16,
      'text-anchor': vertical ? 'start' : 'middle',
    }, line === 0 ? shortened(text, vertical ? 22 : Math.max(6, Math.floor(pitch / 8))) : text)));
  });
  let height = vertical ? used.length * pitch + 4 : 156;
  if (spare.length > 0) {
    parts.push(element('text', { x: 4, y: height + 14 }, `Without a stage: ${shortened(spare.map((worker) => worker.name).join(', '), Math.floor(width / 7) - 18)}`));
    height += 24;
  }
  put(container, width, height, label, ...parts);
}
