/**
 * The time of a lab, in milliseconds since it began. On the virtual clock time jumps from one appointment to the next, and only while
 * somebody waits on the lab and nobody waits on anything outside it, so that a scenario takes microseconds and always the same
 * course. On the real clock appointments are kept by the event loop. What happens at an appointment is the lab's business.
 */
import type { Instant } from '../../reference/machine.ts';

/** Undoes an appointment that has not been kept yet. */
export type Cancel = () => void;

export interface Clock {
  readonly kind: 'virtual' | 'real';
  /** Milliseconds a frame takes from one station to the next. */
  readonly latency: number;
  now(): Instant;
  /** Of what happened when `performance.now()` was this; on the virtual clock everything from outside happens now. */
  instantOf(milliseconds: number): Instant;
  /** Keeps appointments in order of time, and in order of asking where times are equal. Never calls `act` before returning. */
  at(time: Instant, act: () => void): Cancel;
  /** Somebody begins to wait on the lab; the returned function says that the wait is over. */
  wait(): () => void;
  /** Somebody waits on something outside the lab: virtual time stands still until the returned function is called. */
  hold(): () => void;
  /** Forgets every appointment. */
  stop(): void;
}

/**
 * `stuck` is called when somebody waits and no appointment is left to end the wait, or time has come to a halt. A turn of the event loop lies between the last
 * promise settled and the next appointment, so everything that a wait's end set going has itself come to a wait by then.
 */
export function virtualClock(stuck: () => void): Clock {
  const agenda = new Agenda();
  let now = 0;
  let waits = 0;
  let holds = 0;
  let ended = false;
  let inOneInstant = 0;
  let turn: NodeJS.Immediate | undefined;

  const schedule = (): void => {
    if (turn === undefined && waits > 0 && holds === 0) turn = setImmediate(run);
  };
  const run = (): void => {
    turn = undefined;
    ended = false;
    while (waits > 0 && !ended && holds === 0) {
      const next = agenda.next();
      if (next === undefined) {
        stuck();
        return;
      }
      if (next.time > now) {
        now = next.time;
        inOneInstant = 0;
      } else if (++inOneInstant > MOST_IN_ONE_INSTANT) {
        stuck();
        return;
      }
      next.act();
    }
    schedule();
  };

  return {
    kind: 'virtual',
    latency: 0.1,
    now: () => now,
    instantOf: () => now,
    at: (time, act) => agenda.add(time, act),
    wait() {
      waits++;
      schedule();
      return () => {
        waits--;
        ended = true;
      };
    },
    hold() {
      holds++;
      return () => {
        holds--;
        schedule();
      };
    },
    stop() {
      agenda.clear();
      if (turn !== undefined) clearImmediate(turn);
      turn = undefined;
    },
  };
}

/** Monotonic; granularity of timers is a millisecond, frames are passed on in the next turn of the event loop. */
export function realClock(): Clock {
  const agenda = new Agenda();
  const beginning = performance.now();
  let timer: Cancel | undefined;
  let armedFor = Number.POSITIVE_INFINITY;

  const now = (): Instant => performance.now() - beginning;
  const arm = (): void => {
    const head = agenda.head();
    if (head === undefined || head >= armedFor) return;
    timer?.();
    armedFor = head;
    timer = cancellable(head - now(), run);
  };
  const run = (): void => {
    timer = undefined;
    armedFor = Number.POSITIVE_INFINITY;
    const until = now();
    for (let next = agenda.next(until); next !== undefined; next = agenda.next(until)) next.act();
    arm();
  };

  return {
    kind: 'real',
    latency: 0,
    now,
    instantOf: (milliseconds) => milliseconds - beginning,
    at(time, act) {
      const cancel = agenda.add(time, act);
      arm();
      return cancel;
    },
    wait: () => () => {},
    hold: () => () => {},
    stop() {
      agenda.clear();
      timer?.();
    },
  };
}

/** More appointments than this without time passing is a machine that asks for the present for ever. A flood of frames sent at once is less. */
const MOST_IN_ONE_INSTANT = 1_000_000;

interface Appointment {
  readonly time: Instant;
  readonly act: () => void;
  cancelled: boolean;
}

/**
 * Appointments by time. Nearly all are made for later than all others, so they are inserted from the end. What was kept or cancelled stays where it
 * is until it is the greater part: taking one costs the same, however many there are.
 */
class Agenda {
  #appointments: Appointment[] = [];
  /** The place of the next; what is before it was kept. */
  #first = 0;
  #cancelled = 0;

  add(time: Instant, act: () => void): Cancel {
    const appointment = { time, act, cancelled: false };
    let place = this.#appointments.length;
    while (place > this.#first && this.#appointments[place - 1]!.time > time) place--;
    this.#appointments.splice(place, 0, appointment);
    return () => {
      if (appointment.cancelled) return;
      appointment.cancelled = true;
      this.#cancelled++;
      this.#tidy();
    };
  }

  head(): Instant | undefined {
    while (this.#appointments[this.#first]?.cancelled) this.#take();
    return this.#appointments[this.#first]?.time;
  }

  /** Takes the next appointment off the agenda, if it is due by `until`. */
  next(until: Instant = Number.POSITIVE_INFINITY): Appointment | undefined {
    const time = this.head();
    return time === undefined || time > until ? undefined : this.#take();
  }

  clear(): void {
    this.#appointments = [];
    this.#first = 0;
    this.#cancelled = 0;
  }

  #take(): Appointment {
    const taken = this.#appointments[this.#first++]!;
    if (taken.cancelled) this.#cancelled--;
    taken.cancelled = true; // to cancel what was kept does nothing
    this.#tidy();
    return taken;
  }

  #tidy(): void {
    const gone = this.#first + this.#cancelled;
    if (gone < LEAST_GONE || 2 * gone < this.#appointments.length) return;
    this.#appointments = this.#appointments.slice(this.#first).filter(({ cancelled }) => !cancelled);
    this.#first = 0;
    this.#cancelled = 0;
  }
}

const LEAST_GONE = 1024;

/** Node's timers know no less than a millisecond; what is due already takes the next turn. */
function cancellable(delay: number, act: () => void): Cancel {
  if (delay <= 0) {
    const immediate = setImmediate(act);
    return () => clearImmediate(immediate);
  }
  const timer = setTimeout(act, delay);
  return () => clearTimeout(timer);
}
