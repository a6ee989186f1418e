'use strict';
(() => {
  const find = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];
  // On paper a rule's page stands under the first of its findings alone.
  const folds = all('details:not(.copy)');
  let folded = [];
  window.addEventListener('beforeprint', () => {
    folded = folds.filter((fold) => !fold.open);
    for (const fold of folded) fold.open = true;
  });
  window.addEventListener('afterprint', () => {
    for (const fold of folded) fold.open = false;
    folded = [];
  });
  document.addEventListener('toggle', ({ target }) => {
    const link = target.open && target.matches('.copy') && target.querySelector(':scope > p > a');
    const page = link && find(link.getAttribute('href').slice(1));
    if (!page) return;
    const copy = page.cloneNode(true);
    copy.removeAttribute('id');
    link.parentNode.replaceWith(copy);
  }, true);
  const bar = find('filters');
  if (!bar) return;
  const findings = all('.finding, .bare > li');
  const texts = new Map();
  const text = (finding) => {
    if (!texts.has(finding)) {
      const parts = [...finding.childNodes].filter((part) => !part.matches?.('.page'));
      texts.set(finding, parts.map((part) => part.textContent).join(' ').toLowerCase());
    }
    return texts.get(finding);
  };
  const filter = () => {
    const severity = find('by-severity').value;
    const instance = find('by-instance').value;
    const rule = find('by-rule').value;
    const words = find('by-text').value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const finding of findings) {
      const data = finding.closest('[data-rule]').dataset;
      const fits = (!severity || data.severity === severity)
        && (!instance || finding.dataset.instances.includes(` ${instance} `))
        && (!rule || data.rule === rule)
        && words.every((word) => text(finding).includes(word));
      finding.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    for (const group of all('.rule, .group')) {
      group.hidden = !group.querySelector('.finding:not([hidden]), .bare > li:not([hidden])');
    }
    find('none').hidden = shown > 0;
    find('shown').textContent = `${shown} of ${findings.length} shown`;
  };
  const fold = (open) => {
    for (const finding of findings) finding.open = open;
  };
  bar.addEventListener('input', filter);
  find('unfold').addEventListener('click', () => fold(true));
  find('fold').addEventListener('click', () => fold(false));
  bar.hidden = false;
  filter();
})();
