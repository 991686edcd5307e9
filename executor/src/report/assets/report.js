// Draws the pictures, sorts the tables, saves the raw data. It does no statistics: every number comes from wlx, here it
// is only put into place. Texts from outside go into the page as text, never as markup.
'use strict';
(() => {
  const data = (id) => JSON.parse(document.getElementById(id).textContent);
  const figures = data('figures');
  const plots = [];

  // Colours follow the theme, so they are looked up whenever something is drawn.
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const clientColour = (number) => colour(`c${number % 8}`);
  // Clients beyond the eighth share colours and differ by their dashes.
  const dash = (number) => [[], [8, 4], [2, 3], [10, 3, 2, 3]][Math.floor(number / 8) % 4];

  const number = (value) => {
    if (value === null || value === undefined) return '–';
    if (value === 0) return '0';
    const decimals = Math.min(Math.max(3 - Math.floor(Math.log10(Math.abs(value))), 0), 9);
    return value.toFixed(decimals);
  };
  const seconds = (value) => (value === null || value === undefined ? '–' : `${number(value)} s`);

  const axis = (label, more) => ({
    label, labelSize: 18, labelFont: '12px system-ui, sans-serif', font: '11px system-ui, sans-serif',
    stroke: () => colour('soft'), grid: { stroke: () => colour('line'), width: 0.5 },
    ticks: { stroke: () => colour('line'), width: 0.5, size: 4 }, ...more,
  });

  const draw = (place, height, options, columns) => {
    const width = () => Math.max(Math.floor(place.clientWidth), 200);
    const plot = new uPlot({ width: width(), height, cursor: { drag: { x: true, y: false } }, ...options }, columns, place);
    plots.push({ plot, place, height, width });
    return plot;
  };
  const leaveEmpty = (place) => place.classList.add('empty');

  const drawTasks = (place, run) => {
    const lines = run.lines;
    if (!lines) return leaveEmpty(place);
    const end = lines.endNs / 1e9;
    const pieces = lines.inFlight.length;
    // A piece is drawn as a step from its start; the last one needs its end.
    const times = Array.from({ length: pieces + 1 }, (_, index) => (index * end) / pieces);
    const inFlight = [...lines.inFlight, lines.inFlight[pieces - 1]];
    const readout = document.createElement('output');
    readout.className = 'readout';
    const drawLines = (plot) => {
      const { ctx } = plot;
      const x = (ns) => plot.valToPos(ns / 1e9, 'x', true);
      const { left, top, width, height } = plot.bbox;
      const thickness = Math.min(Math.max(height / lines.places.length, 1), 8 * devicePixelRatio);
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, top, width, height);
      ctx.clip();
      ctx.fillStyle = clientColour(run.colour);
      ctx.globalAlpha = 0.6;
      lines.places.forEach((rank, index) => {
        const from = x(lines.startsNs[index]);
        const to = x(lines.startsNs[index] + lines.durationsNs[index]);
        ctx.fillRect(from, plot.valToPos(rank + 0.5, 'task', true) - thickness / 2, Math.max(to - from, 1), thickness);
      });
      ctx.restore();
    };
    const tell = (plot) => {
      const { left, top } = plot.cursor;
      if (left === null || left < 0) {
        readout.textContent = '';
        return;
      }
      const rank = plot.posToVal(top, 'task') - 0.5;
      const distance = (index) => Math.abs(lines.places[index] - rank);
      let low = 0;
      let high = lines.places.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (lines.places[middle] < rank) low = middle + 1; else high = middle;
      }
      const index = low > 0 && distance(low - 1) < distance(low) ? low - 1 : low;
      const [start, lasted] = [lines.startsNs[index] / 1e9, lines.durationsNs[index] / 1e9];
      const rate = lasted > 0 ? `, ${number(lines.bytes[index] / 1e6 / lasted)} MB/s` : '';
      readout.textContent =
        `${lines.keyPrefix}${lines.keys[index]}: ${seconds(start)} to ${seconds(start + lasted)}, ${seconds(lasted)}${rate}`;
    };
    const fixed = (_, low, high) => [low, high];
    draw(place, 280, {
      scales: {
        x: { time: false, range: [0, end] },
        task: { range: [0, lines.tasks] },
        flight: { range: (_, low, high) => [0, Math.max(high * 1.25, 1)] },
      },
      axes: [
        axis('seconds since the start of the repeat'),
        axis('task, in the order of starts', { scale: 'task', size: 58, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7] }),
        axis('in flight', { scale: 'flight', side: 1, size: 46, grid: { show: false } }),
      ],
      series: [
        { label: 'time', value: (_, value) => seconds(value) },
        { label: 'task', scale: 'task', show: true, points: { show: false }, paths: () => null, stroke: 'transparent' },
        { label: 'in flight', scale: 'flight', stroke: () => colour('ink'), width: 1.25, points: { show: false },
          paths: uPlot.paths.stepped({ align: 1 }), value: (_, value) => number(value) },
      ],
      legend: { markers: { show: false } },
      hooks: { drawAxes: [drawLines], setCursor: [tell] },
    }, [times, times.map(() => null), inFlight]);
    place.append(readout);
  };

  const drawRates = (place, run) => {
    const shown = run.distribution;
    if (!shown) return leaveEmpty(place);
    const edges = shown.tasks.map((_, index) => shown.fromMbps + index * shown.widthMbps);
    const end = shown.fromMbps + shown.tasks.length * shown.widthMbps;
    const bars = uPlot.paths.bars({ size: [1, Infinity], align: 1, gap: 1 });
    draw(place, 230, {
      scales: { x: { time: false, range: [shown.fromMbps, end] }, y: { range: (_, low, high) => [0, high * 1.08] } },
      axes: [axis('MB/s of a task'), axis('tasks', { size: 58 })],
      series: [
        { label: 'MB/s', value: (_, value) => (value === null ? '–' : `${number(value)} to ${number(value + shown.widthMbps)}`) },
        { label: 'tasks', stroke: () => clientColour(run.colour), fill: () => clientColour(run.colour), paths: bars,
          points: { show: false }, width: 0, value: (_, value) => (value === null ? '–' : String(value)) },
      ],
      legend: { markers: { show: false } },
    }, [edges, shown.tasks]);
  };

  const drawThroughput = (place, run) => {
    const shown = run.throughput;
    if (!shown) return leaveEmpty(place);
    const times = [0, ...shown.endsSeconds];
    const last = shown.gbps[shown.gbps.length - 1];
    const meanLine = (plot) => {
      const { ctx } = plot;
      const y = plot.valToPos(run.meanGbps, 'y', true);
      ctx.save();
      ctx.strokeStyle = colour('ink');
      ctx.setLineDash([5, 4]);
      ctx.beginPath();
      ctx.moveTo(plot.bbox.left, y);
      ctx.lineTo(plot.bbox.left + plot.bbox.width, y);
      ctx.stroke();
      ctx.restore();
    };
    draw(place, 230, {
      scales: {
        x: { time: false, range: [0, times[times.length - 1]] },
        y: { range: (_, low, high) => [0, Math.max(high, run.meanGbps) * 1.08] },
      },
      axes: [axis('seconds since the start of the repeat'), axis('Gb/s', { size: 58 })],
      series: [
        { label: 'from', value: (_, value) => seconds(value) },
        { label: 'Gb/s', stroke: () => clientColour(run.colour), width: 1.5, points: { show: false },
          paths: uPlot.paths.stepped({ align: 1 }), value: (_, value) => number(value) },
      ],
      legend: { markers: { show: false } },
      hooks: { draw: [meanLine] },
    }, [times, [...shown.gbps, last]]);
  };

  const drawCurves = (place, curves) => {
    const shares = { 0: '0 %', 1: '90 %', 2: '99 %', 3: '99.9 %', 4: '99.99 %', 5: '99.999 %', 6: '99.9999 %' };
    const share = (nines) => `${((1 - 10 ** -nines) * 100).toFixed(Math.min(Math.max(Math.ceil(nines), 1), 6))} %`;
    const ticks = [0, Math.log10(2), 1, 2, 3, 4, 5, 6];
    const end = curves.nines[curves.nines.length - 1];
    if (!(end > 0)) return leaveEmpty(place);
    draw(place, 260, {
      scales: { x: { time: false, range: [0, end] }, y: { distr: 3 } },
      axes: [
        axis('of the tasks took at most so long', {
          splits: () => ticks.filter((nines) => nines <= end),
          values: (_, splits) => splits.map((nines) => shares[nines] ?? '50 %'),
        }),
        axis('ms', { size: 58, values: (_, splits) => splits.map((value) => (value === null ? '' : String(+value.toPrecision(6)))) }),
      ],
      series: [
        { label: 'of the tasks', value: (_, value) => (value === null ? '–' : share(value)) },
        ...curves.lines.map((line) => ({
          label: line.label, stroke: () => clientColour(line.colour), dash: dash(line.colour), width: 2,
          points: { show: false }, value: (_, value) => (value === null || value === undefined ? '–' : `${number(value)} ms`),
        })),
      ],
    }, [curves.nines, ...curves.lines.map((line) => curves.nines.map((_, index) => line.milliseconds[index] ?? null))]);
  };

  const drawAll = () => {
    const runs = new Map(figures.runs.map((run) => [String(run.run), run]));
    const of = { tasks: drawTasks, rates: drawRates, throughput: drawThroughput };
    for (const place of document.querySelectorAll('[data-picture]')) {
      of[place.dataset.picture](place, runs.get(place.dataset.run));
    }
    document.querySelectorAll('[data-curves]').forEach((place, index) => drawCurves(place, figures.curves[index]));
  };

  const fit = (fixedWidth) => {
    for (const { plot, height, width } of plots) {
      const wanted = fixedWidth ? Math.min(fixedWidth, width()) : width();
      if (plot.width !== wanted) plot.setSize({ width: wanted, height });
    }
  };
  const redraw = () => plots.forEach(({ plot }) => plot.redraw(false));

  const sortBy = (table, column, header) => {
    const body = table.tBodies[0];
    const down = header.getAttribute('aria-sort') === 'ascending';
    const value = (row) => {
      const cell = row.cells[column];
      if (cell.dataset.value !== undefined) return Number(cell.dataset.value);
      return cell.classList.contains('number') ? null : cell.textContent;
    };
    const compare = (a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b)));
    const rows = [...body.rows].map((row) => ({ row, key: value(row) }));
    // What nobody measured stays last, whichever way.
    rows.sort((a, b) => (a.key === null) - (b.key === null) || (a.key === null ? 0 : (down ? -1 : 1) * compare(a.key, b.key)));
    table.querySelectorAll('thead th').forEach((other) => other.removeAttribute('aria-sort'));
    header.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    body.append(...rows.map(({ row }) => row));
  };

  const makeSortable = (table) => {
    [...table.tHead.rows[0].cells].forEach((header, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...header.childNodes);
      button.addEventListener('click', () => sortBy(table, column, header));
      header.append(button);
    });
  };

  const save = (button) => {
    const text = data('raw')[button.dataset.save];
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: button.dataset.type }));
    link.download = button.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  drawAll();
  document.querySelectorAll('table.sortable').forEach(makeSortable);
  document.querySelectorAll('[data-save]').forEach((button) => button.addEventListener('click', () => save(button)));
  new ResizeObserver(() => fit()).observe(document.body);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  // Paper is white, and narrower than most windows.
  addEventListener('beforeprint', () => {
    document.documentElement.dataset.print = '';
    document.querySelectorAll('details').forEach((details) => { details.open = true; });
    fit(680);
    redraw();
  });
  addEventListener('afterprint', () => {
    delete document.documentElement.dataset.print;
    fit();
    redraw();
  });
  // uPlot draws in the next microtask: by the next frame everything is there.
  requestAnimationFrame(() => { document.documentElement.dataset.ready = ''; });
})();
