// Charts with axes: one quiet theme for all of them. The server sends values and their texts; here they are only drawn.
(() => {
  "use strict";
  const drawn = [];
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const font = () => getComputedStyle(document.body).fontFamily;
  const narrow = (plot) => plot.clientWidth < 520;

  // A short number for an axis: 3.2 万 or 32k; shares in per cent.
  const short = (told, value) => {
    if (told.unit === "share") return `${Math.round(value * 1000) / 10}%`;
    const size = value / told.scale;
    const most = Math.abs(size);
    const text = (number) => String(Math.round(number * 10) / 10);
    if (told.chinese) {
      if (most >= 1e8) return `${told.sign}${text(size / 1e8)} 亿`;
      if (most >= 1e4) return `${told.sign}${text(size / 1e4)} 万`;
    } else {
      if (most >= 1e6) return `${told.sign}${text(size / 1e6)}m`;
      if (most >= 1e4) return `${told.sign}${text(size / 1e3)}k`;
    }
    return `${told.sign}${Math.round(size * 100) / 100}`;
  };

  const colours = { now: "--accent", then: "--control", c1: "--caution", c2: "--control", c3: "--accent-pale", c4: "--caution-mid", c5: "--ink-3" };
  const colour = (role) => token(colours[role] || "--ink-3");

  const line = (told, one, place) => ({
    type: "line",
    name: one.name,
    data: one.values.map((value, i) => ({
      value: value === null ? "-" : value,
      // A period that is not over, or too young to judge, is an open dot.
      symbol: one.open[i] ? "emptyCircle" : "circle",
      symbolSize: one.open[i] ? 7 : i === one.last ? 7 : 0,
    })),
    showAllSymbol: true,
    connectNulls: false,
    smooth: false,
    silent: false,
    z: one.role === "now" ? 4 : 3,
    lineStyle: { width: one.role === "then" ? 1.5 : 2, type: one.role === "then" ? [4, 3] : "solid", color: colour(one.role) },
    itemStyle: { color: colour(one.role), borderWidth: 1.5 },
    endLabel: {
      show: one.last >= 0, distance: 8, color: one.role === "now" ? token("--accent-ink") : token("--ink-3"),
      fontFamily: font(), fontSize: 12, fontWeight: one.role === "now" ? 600 : 400,
      formatter: () => `${one.name} ${one.texts[one.last] || ""}`.trim(),
    },
    emphasis: { disabled: true },
    markLine: place ? undefined : events(told),
  });

  const events = (told) => told.events.length ? {
    silent: true, symbol: "none", animation: false,
    lineStyle: { color: token("--control"), type: [2, 3], width: 1 },
    label: { color: token("--ink-3"), fontFamily: font(), fontSize: 12, position: "end", distance: 4, formatter: (mark) => mark.name },
    data: told.events.map((one) => ({ xAxis: one.at, name: one.name })),
  } : undefined;

  const hint = (told) => ({
    trigger: "axis", renderMode: "richText", confine: true, transitionDuration: 0,
    backgroundColor: token("--card"), borderColor: token("--line-2"), borderWidth: 1, padding: [8, 12], shadowBlur: 0, shadowColor: "transparent",
    textStyle: { color: token("--ink"), fontFamily: font(), fontSize: 13, lineHeight: 20 },
    axisPointer: { type: "line", lineStyle: { color: token("--line-2"), width: 1 } },
    formatter: (points) => {
      const at = points[0].dataIndex;
      const lines = told.series.filter((one) => one.texts[at]).map((one) => `${one.name}  ${one.texts[at]}`);
      return [told.titles[at] || told.labels[at], ...lines].join("\n");
    },
  });

  const option = (told, plot) => {
    const longest = Math.max(...told.series.map((one) => `${one.name} ${one.texts[one.last] || ""}`.length), 4);
    const room = Math.min(Math.round(plot.clientWidth * 0.36), 14 + longest * (told.chinese ? 10 : 7));
    return {
      animation: false, aria: { enabled: false }, textStyle: { fontFamily: font() },
      grid: { left: 4, right: room, top: told.events.length ? 26 : 14, bottom: 4, containLabel: true },
      xAxis: {
        type: "category", data: told.labels, boundaryGap: false,
        axisLine: { lineStyle: { color: token("--control") } }, axisTick: { show: false },
        axisLabel: { color: token("--ink-3"), fontSize: 12, hideOverlap: true, alignMinLabel: "left", margin: 10,
          interval: Math.max(0, Math.ceil(told.labels.length / (narrow(plot) ? 4 : 7)) - 1) },
      },
      yAxis: {
        type: "value", scale: !told.zero, splitNumber: narrow(plot) ? 3 : 4, min: told.zero ? 0 : undefined,
        axisLabel: { color: token("--ink-3"), fontSize: 12, formatter: (value) => short(told, value) },
        splitLine: { lineStyle: { color: token("--line") } },
      },
      tooltip: hint(told),
      series: told.series.map((one, place) => line(told, one, place)),
    };
  };

  const show = (figure) => {
    const plot = figure.querySelector("[data-plot]");
    const told = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    told.series.forEach((one) => {
      one.last = one.values.reduce((last, value, i) => (value === null ? last : i), -1);
    });
    plot.hidden = false;
    const table = figure.querySelector("details");
    if (table) table.open = false;
    const chart = echarts.init(plot, null, { renderer: "svg" });
    const draw = () => {
      chart.setOption(option(told, plot), true);
      spread(chart, told);
    };
    draw();
    drawn.push({ chart, draw, plot });
    walk(chart, plot, told);
  };

  // Words at the ends of lines never lie on each other: they move apart, in the order of their values.
  const spread = (chart, told) => {
    const height = 17;
    const ends = told.series
      .map((one, at) => ({ at, y: one.last < 0 ? null : chart.convertToPixel({ seriesIndex: at }, [one.last, one.values[one.last]])[1] }))
      .filter((end) => end.y !== null)
      .sort((a, b) => a.y - b.y);
    let floor = -Infinity;
    const offsets = told.series.map(() => 0);
    ends.forEach((end) => {
      const place = Math.max(end.y, floor + height);
      offsets[end.at] = place - end.y;
      floor = place;
    });
    const over = floor - (chart.getHeight() - 12);
    if (over > 0) ends.forEach((end) => { offsets[end.at] -= over; });
    chart.setOption({ series: told.series.map((_one, at) => ({ endLabel: { offset: [0, offsets[at]] } })) });
  };

  // Arrow keys move along the periods, as a mouse would; the words are read out.
  const walk = (chart, plot, told) => {
    let at = told.labels.length;
    plot.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (event.key === "Escape") chart.dispatchAction({ type: "hideTip" });
      if (!step) return;
      event.preventDefault();
      at = Math.min(Math.max(at + step, 0), told.labels.length - 1);
      chart.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex: at });
      const said = plot.parentElement.querySelector("[data-said]");
      if (said) {
        said.textContent = [told.titles[at], ...told.series.filter((one) => one.texts[at])
          .map((one) => `${one.name} ${one.texts[at]}`)].join(" · ");
      }
    });
    plot.addEventListener("blur", () => chart.dispatchAction({ type: "hideTip" }));
  };

  const again = () => drawn.forEach(({ chart, draw }) => { chart.resize(); draw(); });
  let waiting = 0;
  window.addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(again, 80); });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  window.addEventListener("beforeprint", again);
  const begin = (place) => place.querySelectorAll("[data-chart]:not([data-drawn])").forEach((figure) => {
    figure.dataset.drawn = "1";
    show(figure);
  });
  document.addEventListener("htmx:load", (event) => begin(event.target.parentElement || document));
  begin(document);
})();
