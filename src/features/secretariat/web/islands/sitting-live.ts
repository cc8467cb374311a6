/**
 * Island `sitting-live`: lets the clock run, and when something has happened fetches the page again and replaces the parts that changed.
 * Without it every act is a form and the page is loaded anew by its link. Shortcuts are Alt+Shift and a letter, so that typing is never taken for one.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

const root = document.querySelector<HTMLElement>('[data-sitting]');
if (root !== null) begin(root);

function begin(page: HTMLElement): void {
  let loadedAt = performance.now();
  let last = Number(page.dataset['last'] ?? 0);
  let isLoading = false;
  let wanted = last;

  const tick = (): void => {
    const passed = Math.floor((performance.now() - loadedAt) / 1000);
    for (const clock of page.querySelectorAll<HTMLElement>('[data-left]')) {
      if (clock.dataset['held'] === 'yes') continue;
      const left = Number(clock.dataset['left']) - passed;
      const text = `${left < 0 ? '−' : ''}${Math.floor(Math.abs(left) / 60)}:${String(Math.abs(left) % 60).padStart(2, '0')}`;
      if (clock.textContent !== text) clock.textContent = text;
      clock.classList.toggle('is-over', left < 0);
      clock.classList.toggle('is-short', left >= 0 && left <= 30);
    }
  };

  const load = async (): Promise<void> => {
    if (isLoading) return;
    isLoading = true;
    try {
      while (last < wanted) {
        const answer = await fetch(location.pathname + location.search, { headers: { accept: 'text/html' } });
        if (!answer.ok) break;
        const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
        const next = fresh.querySelector<HTMLElement>('[data-sitting]');
        if (next === null) return;
        replace(page, next);
        last = Number(next.dataset['last'] ?? wanted);
        loadedAt = performance.now();
        if (last < wanted) break;
      }
    } catch {
      // The stream tells again when the line is back.
    } finally {
      isLoading = false;
    }
  };

  const events = new EventSource(`/secretariat/sittings/${page.dataset['sitting'] ?? ''}/events`);
  events.addEventListener('act', (event) => {
    wanted = Math.max(wanted, Number(event.data));
    void load();
  });
  setInterval(tick, 250);

  document.addEventListener('keydown', (event) => {
    if (!event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey) return;
    const letter = event.code.startsWith('Key') ? event.code.slice(3) : '';
    const button = page.querySelector<HTMLButtonElement>(`[data-shortcut="${letter}"] button`);
    if (letter === '' || button === null) return;
    event.preventDefault();
    button.click();
  });
}

/** Parts that did not change stay as they are, so that the focus and what a screen reader reads stay too. */
function replace(page: HTMLElement, fresh: HTMLElement): void {
  for (const part of page.querySelectorAll<HTMLElement>('[data-live]')) {
    const next = fresh.querySelector<HTMLElement>(`[data-live="${part.dataset['live'] ?? ''}"]`);
    if (next === null || next.innerHTML === part.innerHTML) continue;
    const focused = part.contains(document.activeElement) ? [...part.querySelectorAll<HTMLElement>('a, button')].indexOf(document.activeElement as HTMLElement) : -1;
    part.replaceChildren(...next.childNodes);
    if (focused >= 0) ([...part.querySelectorAll<HTMLElement>('a, button')][focused] ?? part.querySelector<HTMLElement>('a, button'))?.focus();
  }
}
