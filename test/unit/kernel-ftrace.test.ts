// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { EBUSY, EINVAL } from '#src/kernel/abi/constants.js';
import { dyn_ftrace, ftrace_ops, klp_ops, vmlinux } from '#src/kernel/abi/structs.js';
import { dyn_ftrace_rec, FTRACE_FUNC_COUNT } from '#src/kernel/ftrace/caller.js';
import {
  FTRACE_OPS_FL_IPMODIFY,
  ftrace_set_filter_ip,
  register_ftrace_function,
  unregister_ftrace_function,
} from '#src/kernel/ftrace/ftrace.js';
import type { Kernel } from '#src/kernel/kernel.js';
import { kmem_cache_alloc } from '#src/kernel/mm/slab.js';
import { OP_FENTRY, OP_FENTRY_CALL } from '#src/kernel/text/opcodes.js';
import { ifetch, load, READ_ONCE, store } from '#src/mem/heap.js';
import { embedded, type Ptr } from '#src/mem/layout.js';
import { awaitWord, drive, quiet } from '../support/driven_machine.js';

function newOps(k: Kernel, flags: number): Ptr<'ftrace_ops'> {
  const object = kmem_cache_alloc<'klp_ops'>(k, embedded(k.g, vmlinux.klp_ops_cache));
  const ops = embedded(object, klp_ops.fops);
  store(k, ops, ftrace_ops.func, FTRACE_FUNC_COUNT);
  store(k, ops, ftrace_ops.flags, flags);
  return ops;
}

function site(k: Kernel, id: number): number {
  return ifetch(k, load(k, dyn_ftrace_rec(k, id), dyn_ftrace.ip)) >>> 24;
}

describe('ftrace on real threads', () => {
  it('patches a call site in, counts its calls, and makes it a nop again with the last ops', async () => {
    const scenario = quiet('default', {});
    const id = scenario.functions.findIndex((f) => f.name === 'rw_verify_area');
    await drive(scenario, (k) => {
      const first = newOps(k, FTRACE_OPS_FL_IPMODIFY);
      const second = newOps(k, 0);
      for (const ops of [first, second]) {
        expect(ftrace_set_filter_ip(k, ops, id, false)).toBe(0);
        expect(register_ftrace_function(k, ops)).toBe(0);
      }
      expect(site(k, id)).toBe(OP_FENTRY_CALL);
      awaitWord(
        'both are called',
        () => READ_ONCE(k, first, ftrace_ops.hits) > 0 && READ_ONCE(k, second, ftrace_ops.hits) > 0,
      );
      expect(unregister_ftrace_function(k, first)).toBe(0);
      expect(site(k, id)).toBe(OP_FENTRY_CALL);
      expect(unregister_ftrace_function(k, second)).toBe(0);
      expect(site(k, id)).toBe(OP_FENTRY);
      expect(unregister_ftrace_function(k, second)).toBe(-EINVAL);
    });
  });

  it('has one owner of the instruction pointer for each site, and none for a notrace function', async () => {
    const scenario = quiet('default', {});
    const id = scenario.functions.findIndex((f) => f.name === 'rw_verify_area');
    const notrace = scenario.functions.findIndex((f) => !f.traceable);
    await drive(scenario, (k) => {
      const owner = newOps(k, FTRACE_OPS_FL_IPMODIFY);
      const rival = newOps(k, FTRACE_OPS_FL_IPMODIFY);
      expect(ftrace_set_filter_ip(k, owner, notrace, false)).toBe(-EINVAL);
      expect(ftrace_set_filter_ip(k, owner, id, false)).toBe(0);
      expect(ftrace_set_filter_ip(k, rival, id, false)).toBe(0);
      expect(register_ftrace_function(k, owner)).toBe(0);
      expect(register_ftrace_function(k, rival)).toBe(-EBUSY);
      expect(unregister_ftrace_function(k, owner)).toBe(0);
      expect(register_ftrace_function(k, rival)).toBe(0);
      expect(unregister_ftrace_function(k, rival)).toBe(0);
    });
  });
});
