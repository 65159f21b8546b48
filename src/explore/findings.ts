// SPDX-License-Identifier: GPL-2.0-only
/** What a campaign has so far: batches are merged in any order and give the same sum. */
import type { EndKind } from '../engine/fibers/runtime.js';
import type { BatchResult, Doubts } from './batch.js';
import { addCost, type Cost, noCost } from './cost.js';
import { Coverage, type CoverageData } from './coverage.js';
import type { Found } from './runner.js';

export interface Finding {
  /** Of the execution with the lowest number. */
  first: Found;
  count: number;
}

/** As it is written down. */
export interface CampaignState {
  /** First executions of the batches that are done. */
  readonly batches: readonly number[];
  readonly executions: number;
  readonly steps: number;
  readonly ends: Readonly<Partial<Record<EndKind, number>>>;
  readonly doubts: Doubts;
  readonly findings: readonly Finding[];
  readonly coverage: CoverageData;
  readonly cost: Cost;
  readonly complete: boolean;
}

export class Findings {
  readonly batches = new Set<number>();
  executions = 0;
  steps = 0;
  complete = false;
  readonly ends: Partial<Record<EndKind, number>> = {};
  readonly doubts: Record<string, Doubts[string]> = {};
  readonly bySignature = new Map<string, Finding>();
  readonly coverage = new Coverage();
  readonly cost = noCost();

  constructor(state?: CampaignState) {
    if (state === undefined) return;
    for (const b of state.batches) this.batches.add(b);
    this.add({ ...state, found: state.findings });
  }

  /** Returns the findings whose signature was not known before. */
  merge(batch: BatchResult): Finding[] {
    this.batches.add(batch.from);
    return this.add(batch);
  }

  private add(
    b: Pick<
      BatchResult,
      'executions' | 'steps' | 'ends' | 'doubts' | 'found' | 'coverage' | 'cost' | 'complete'
    >,
  ): Finding[] {
    this.executions += b.executions;
    this.steps += b.steps;
    this.complete ||= b.complete;
    for (const [end, n] of Object.entries(b.ends))
      this.ends[end as EndKind] = (this.ends[end as EndKind] ?? 0) + n;
    for (const [why, { count, excuses }] of Object.entries(b.doubts))
      this.doubts[why] = { count: (this.doubts[why]?.count ?? 0) + count, excuses };
    this.coverage.merge(b.coverage);
    addCost(this.cost, b.cost);
    const fresh: Finding[] = [];
    for (const { first, count } of b.found) {
      const known = this.bySignature.get(first.signature);
      if (known === undefined) {
        const finding = { first, count };
        this.bySignature.set(first.signature, finding);
        fresh.push(finding);
        continue;
      }
      known.count += count;
      if (first.execution < known.first.execution) known.first = first;
    }
    return fresh;
  }

  /** In the order of the executions that show them first. */
  list(): Finding[] {
    return [...this.bySignature.values()].sort((a, b) => a.first.execution - b.first.execution);
  }

  state(): CampaignState {
    return {
      batches: [...this.batches],
      executions: this.executions,
      steps: this.steps,
      ends: this.ends,
      doubts: this.doubts,
      findings: this.list(),
      coverage: this.coverage.data(),
      cost: this.cost,
      complete: this.complete,
    };
  }
}
