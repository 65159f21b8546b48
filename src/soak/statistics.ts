// SPDX-License-Identifier: GPL-2.0-only
/** A fold over the trace that counts: what the control paths did and how long it took. It judges nothing. */
import { KLP_PATCHED } from '../kernel/abi/constants.js';
import { HotplugLog, ReadersLog, TransitionLog } from '../report/control_log.js';
import type { StatCounts } from '../report/stat.js';
import { EV, PHASE, type TraceRecord } from '../trace/events.js';

interface Span {
  min: number;
  max: number;
}

function widen(span: Span | null, v: number): Span {
  return span === null ? { min: v, max: v } : { min: Math.min(span.min, v), max: Math.max(span.max, v) };
}

/** Events that it wants. */
export const STATISTIC_EVENTS: readonly number[] = [
  EV.klp_try,
  EV.klp_init,
  EV.klp_completed,
  EV.klp_reverse,
  EV.klp_cancel,
  EV.klp_force,
  EV.klp_refused,
  EV.reader_section,
  EV.cpu_up,
  EV.cpu_down,
];

export class RunStatistics {
  readonly transitions = new TransitionLog();
  readonly hotplug = new HotplugLog();
  readonly readers = new ReadersLog();
  transitionUs: Span | null = null;
  onlineMs: Span | null = null;
  offlineMs: Span | null = null;
  private attempts = 0;
  private cancelled = false;
  private completed = 0;
  private reversed = 0;
  private forced = 0;

  feed(r: TraceRecord): void {
    switch (r.ev) {
      case EV.klp_init:
        this.attempts = 0;
        this.cancelled = false;
        break;
      case EV.klp_try:
        this.attempts++;
        break;
      case EV.klp_reverse:
        this.reversed++;
        this.transitions.reversed();
        break;
      case EV.klp_cancel:
        this.cancelled = true;
        this.transitions.cancelled();
        break;
      case EV.klp_force:
        this.forced++;
        this.transitions.forced();
        break;
      case EV.klp_completed:
        if (this.cancelled) break;
        this.completed++;
        this.transitionUs = widen(this.transitionUs, r.c);
        this.transitions.completed(r.b === KLP_PATCHED ? 'patching' : 'unpatching', r.c, this.attempts);
        break;
      case EV.klp_refused:
        this.transitions.failed(r.b);
        break;
      case EV.reader_section:
        this.readers.section(Math.max(0, r.a));
        break;
      case EV.cpu_up:
        if (r.b !== PHASE.end) break;
        this.hotplug.up(r.c, r.d / 1000);
        if (r.c === 0) this.onlineMs = widen(this.onlineMs, r.d / 1000);
        break;
      case EV.cpu_down:
        if (r.b !== PHASE.end) break;
        this.hotplug.down(r.c, r.d / 1000);
        if (r.c === 0) this.offlineMs = widen(this.offlineMs, r.d / 1000);
        break;
    }
  }

  /** Counts of the trace; those of the actors' counters are added by the caller. */
  counts(): Omit<
    StatCounts,
    'syscalls' | 'tracedCalls' | 'handlerCalls' | 'dropped' | 'violations' | 'suspicions'
  > {
    const { up, down } = this.hotplug.result();
    return {
      completed: this.completed,
      reversed: this.reversed,
      forced: this.forced,
      onlineAttempts: up.attempts,
      onlineSuccesses: up.successes,
      offlineAttempts: down.attempts,
      offlineSuccesses: down.successes,
      busy: up.busy + down.busy,
    };
  }
}
