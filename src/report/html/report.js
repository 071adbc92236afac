
'use strict';
(() => {
  const form = document.getElementById('filter');
  const items = Array.from(document.querySelectorAll('ol.cases > li'));
  const boxes = Array.from(form.querySelectorAll('[name=verdict]'));
  const shown = document.getElementById('shown');
  const unfold = document.getElementById('unfold');
  const texts = new Map();
  const textOf = (item) => {
    if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
    return texts.get(item);
  };
  const visible = () => items.filter((item) => !item.hidden);

  const apply = () => {
    const words = form.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const verdicts = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    for (const item of items) {
      const { area, verdict } = item.dataset;
      const wanted = verdicts.has(verdict) && (!form.area.value || form.area.value === area);
      item.hidden = !wanted || !words.every((word) => textOf(item).includes(word));
    }
    shown.textContent = `${visible().length} of ${items.length} cases`;
  };

  // The address names a case: show it, whatever the filter says.
  const follow = () => {
    const details = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const item = details && details.closest('ol.cases > li');
    if (!item) return;
    item.hidden = false;
    details.open = true;
    details.scrollIntoView();
    details.querySelector('summary').focus();
  };

  const step = (by) => {
    const list = visible().map((item) => item.querySelector('summary'));
    const at = list.findIndex((summary) => summary.closest('li').contains(document.activeElement));
    const next = list[at < 0 ? 0 : Math.min(Math.max(at + by, 0), list.length - 1)];
    if (next) next.focus();
  };

  form.hidden = false;
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  unfold.addEventListener('click', () => {
    const list = visible().map((item) => item.querySelector('details'));
    const open = list.some((details) => !details.open);
    for (const details of list) details.open = open;
  });
  document.querySelectorAll('table.areas button').forEach((button) => {
    button.addEventListener('click', () => {
      form.area.value = button.dataset.area;
      form.text.value = '';
      for (const box of boxes) box.checked = box.value === button.dataset.verdict;
      apply();
      document.getElementById('cases').scrollIntoView();
      step(0);
    });
  });
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest('input, select');
    if (event.key === 'Escape' && event.target === form.text) {
      form.text.value = '';
      apply();
    } else if (event.key === '/' && !typing) {
      event.preventDefault();
      form.text.focus();
    } else if ((event.key === 'j' || event.key === 'k') && !typing) {
      step(event.key === 'j' ? 1 : -1);
    }
  });
  window.addEventListener('hashchange', follow);
  apply();
  follow();
})();
