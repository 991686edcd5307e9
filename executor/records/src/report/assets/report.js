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
  const pale = (number) => `${clientColour(number)}26`;
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
    label, labelSize: 18, labelGap: 2, labelFont: '12px system-ui, sans-serif', font: '11px system-ui, sans-serif',
    stroke: () => colour('soft'), grid: { stroke: () => colour('line'), width: 0.5 },
    ticks: { stroke: () => colour('line'), width: 0.5, size: 4 }, gap: 3, size: 30, ...more,
  });

  const draw = (place, height, options, columns) => {
    const width = () => Math.max(Math.floor(place.clientWidth), 200);
    const plot = new uPlot({ width: width(), height, cursor: { drag: { x: true, y: false } }, ...options }, columns, place);
    plots.push({ plot, place, height, width });
    return plot;
  };
  const leaveEmpty = (place) => place.classList.add('empty');

  // The time axis of the two pictures of a run that are below each other.
  const repeatTime = (run) => ({ time: false, range: [0, run.lines.endNs / 1e9] });
  const sync = (run) => ({ drag: { x: true, y: false }, sync: { key: `tasks-${run.run}`, scales: ['x', null] } });

  // The drawn task nearest to a place in the order of starts.
  const nearest = (places, rank) => {
    let [low, high] = [0, places.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[middle] < rank) low = middle + 1; else high = middle;
    }
    return low > 0 && rank - places[low - 1] < places[low] - rank ? low - 1 : low;
  };

  const drawTasks = (place, run) => {
    const { lines } = run;
    if (!lines) return leaveEmpty(place);
    const readout = document.createElement('output');
    readout.className = 'readout';
    const drawLines = (plot) => {
      const { ctx } = plot;
      const x = (ns) => plot.valToPos(ns / 1e9, 'x', true);
      const { left, top, width, height } = plot.bbox;
      const thickness = Math.min(Math.max((0.8 * height) / lines.places.length, 1), 8 * devicePixelRatio);
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, top, width, height);
      ctx.clip();
      ctx.fillStyle = clientColour(run.colour);
      lines.places.forEach((rank, index) => {
        const from = x(lines.startsNs[index]);
        const to = x(lines.startsNs[index] + lines.durationsNs[index]);
        ctx.fillRect(from, plot.valToPos(rank + 0.5, 'y', true) - thickness / 2, Math.max(to - from, 1), thickness);
      });
      ctx.restore();
    };
    const tell = (plot) => {
      const { left, top } = plot.cursor;
      // Without a place of its own the cursor is that of the picture below.
      if (left === undefined || left === null || left < 0 || top < 0 || !plot.over.matches(':hover')) {
        readout.textContent = '';
        return;
      }
      const index = nearest(lines.places, plot.posToVal(top, 'y') - 0.5);
      const [start, lasted] = [lines.startsNs[index] / 1e9, lines.durationsNs[index] / 1e9];
      const rate = lasted > 0 ? `, ${number(lines.bytes[index] / 1e6 / lasted)} MB/s` : '';
      readout.textContent =
        `${lines.keyPrefix}${lines.keys[index]}: ${seconds(start)} to ${seconds(start + lasted)}, ${seconds(lasted)}${rate}`;
    };
    const ends = [0, lines.endNs / 1e9];
    draw(place, 260, {
      cursor: sync(run),
      scales: { x: repeatTime(run), y: { range: [0, lines.tasks] } },
      axes: [
        axis(null, { labelSize: 0, size: 22 }),
        axis('task, by its start', { size: 58, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6] }),
      ],
      // The series only spans the axes: the lines are drawn by the hook.
      series: [{}, { points: { show: false }, paths: () => null }],
      legend: { show: false },
      hooks: { drawAxes: [drawLines], setCursor: [tell] },
    }, [ends, [null, null]]);
    place.append(readout);
  };

  const drawInFlight = (place, run) => {
    const { lines } = run;
    if (!lines) return place.remove();
    const pieces = lines.inFlight.length;
    // A piece is a step from its start; the last one needs its end.
    const times = Array.from({ length: pieces + 1 }, (_, index) => (index * lines.endNs) / 1e9 / pieces);
    draw(place, 130, {
      cursor: sync(run),
      scales: { x: repeatTime(run), y: { range: (_, low, high) => [0, Math.max(high * 1.1, 1)] } },
      axes: [axis('seconds since the start of the repeat'), axis('in flight', { size: 58 })],
      series: [
        { label: 'time', value: (_, value) => seconds(value) },
        { label: 'in flight', stroke: () => clientColour(run.colour), fill: () => pale(run.colour), width: 1.25,
          points: { show: false }, paths: uPlot.paths.stepped({ align: 1 }), value: (_, value) => number(value) },
      ],
      legend: { markers: { show: false } },
    }, [times, [...lines.inFlight, lines.inFlight[pieces - 1]]]);
  };

  const drawRates = (place, run) => {
    const shown = run.distribution;
    if (!shown) return leaveEmpty(place);
    const edges = shown.tasks.map((_, index) => shown.fromMbps + index * shown.widthMbps);
    const end = shown.fromMbps + shown.tasks.length * shown.widthMbps;
    const bars = uPlot.paths.bars({ size: [1, Infinity], align: 1, gap: 1 });
    draw(place, 240, {
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
    draw(place, 240, {
      scales: {
        x: { time: false, range: [0, times[times.length - 1]] },
        y: { range: (_, low, high) => [0, Math.max(high, run.meanGbps) * 1.08] },
      },
      axes: [axis('seconds since the start of the repeat'), axis('Gb/s', { size: 58 })],
      series: [
        { label: 'from', value: (_, value) => seconds(value) },
        { label: 'Gb/s', stroke: () => clientColour(run.colour), fill: () => pale(run.colour), width: 1.5, points: { show: false },
          paths: uPlot.paths.stepped({ align: 1 }), value: (_, value) => number(value) },
      ],
      legend: { markers: { show: false } },
      hooks: { draw: [meanLine] },
    }, [times, [...shown.gbps, last]]);
  };

  // 1, 2 and 5 times the powers of ten between the ends of a scale.
  const evenLogarithms = (_, axisIndex, low, high) => {
    const splits = [];
    const factors = high / low > 2000 ? [1] : [1, 2, 5];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
      splits.push(...factors.map((factor) => factor * 10 ** power).filter((value) => value >= low && value <= high));
    }
    return splits;
  };

  const drawCurves = (place, curves) => {
    const shares = { 0: '0 %', 1: '90 %', 2: '99 %', 3: '99.9 %', 4: '99.99 %', 5: '99.999 %', 6: '99.9999 %' };
    const share = (nines) => `${((1 - 10 ** -nines) * 100).toFixed(Math.min(Math.max(Math.ceil(nines), 1), 6))} %`;
    const ticks = [0, Math.log10(2), 1, 2, 3, 4, 5, 6];
    const end = curves.nines[curves.nines.length - 1];
    if (!(end > 0)) return leaveEmpty(place);
    draw(place, 260, {
      scales: { x: { time: false, range: [0, end] }, y: { distr: 3, range: (_, low, high) => [low / 1.2, high * 1.2] } },
      axes: [
        axis('of the tasks took at most so long', {
          splits: () => ticks.filter((nines) => nines <= end),
          values: (_, splits) => splits.map((nines) => shares[nines] ?? '50 %'),
        }),
        axis('ms', { size: 58, splits: evenLogarithms, filter: (_, splits) => splits, values: (_, splits) => splits.map((value) => (value === null ? '' : String(+value.toPrecision(6)))) }),
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
    const of = { tasks: drawTasks, inFlight: drawInFlight, rates: drawRates, throughput: drawThroughput };
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
  // In the next frame: pictures that change within this one would call the observer again.
  new ResizeObserver(() => requestAnimationFrame(() => fit())).observe(document.body);
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
