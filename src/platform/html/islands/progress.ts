/**
 * Island `progress`: moves the bars of running jobs by server-sent events, and loads the page again when one ends.
 * Without it the page refreshes itself; with it the refresh is not needed.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

interface Seen {
  readonly state: string;
  readonly done: number;
  readonly total: number | null;
  readonly note: string | null;
}

for (const section of document.querySelectorAll<HTMLElement>('[data-job][data-running="yes"]')) follow(section);

function follow(section: HTMLElement): void {
  const { job, state, done: doneText, doneOf } = section.dataset;
  const bar = section.querySelector('progress');
  const count = section.querySelector<HTMLElement>('[data-part="count"]');
  const note = section.querySelector<HTMLElement>('[data-part="note"]');
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  const events = new EventSource(`/api/v1/jobs/${job ?? ''}/events`);
  let failures = 0;
  events.addEventListener('error', () => {
    // The browser connects again by itself; after some failures fall back to what works without a script.
    failures += 1;
    if (failures < 3) return;
    events.close();
    setTimeout(() => location.reload(), 3000);
  });
  events.addEventListener('job', (event) => {
    failures = 0;
    const seen = JSON.parse(event.data as string) as Seen;
    if (seen.state !== state && !(seen.state === 'waiting' || seen.state === 'running')) {
      events.close();
      location.reload();
      return;
    }
    if (bar !== null && seen.total !== null) {
      bar.max = Math.max(seen.total, 1);
      bar.value = seen.done;
    }
    const pattern = seen.total === null ? doneText : doneOf;
    if (count !== null && pattern !== undefined) count.textContent = pattern.replace('{done}', numbers.format(seen.done)).replace('{total}', numbers.format(seen.total ?? 0));
    if (note !== null) note.textContent = seen.note ?? '';
  });
}
