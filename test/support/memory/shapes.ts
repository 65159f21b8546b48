// SPDX-License-Identifier: GPL-2.0-only
/**
 * The classic shapes: for each a final state, and whether it can be reached under sequential consistency, total store
 * order, and LKMM (as herd7 says with linux-kernel.cat). Notation: shape.ts.
 */
export interface ClassicShape {
  readonly name: string;
  readonly text: string;
  readonly state: string;
  readonly sc: boolean;
  readonly tso: boolean;
  readonly lkmm: boolean;
  /** Allowed by LKMM, but a machine that runs in program order cannot show it. */
  readonly notModelled?: 'load buffering';
}

function shape(name: string, verdicts: string, state: string, text: string): ClassicShape {
  const [sc, tso, lkmm] = [...verdicts].map((v) => v !== '-') as [boolean, boolean, boolean];
  const base = { name, text, state, sc, tso, lkmm };
  return verdicts[2] === 'L' ? { ...base, notModelled: 'load buffering' } : base;
}

const mp = 'r=1 s=0';
const sb = 'r=0 s=0';
const iriw = 'a=1 b=0 c=1 d=0';
const wrc = 'a=1 b=1 c=0';

/** Verdicts: sc, tso, lkmm; `-` never, `+` can be seen, `L` only by load buffering. */
export const classicShapes: readonly ClassicShape[] = [
  shape('MP', '--+', mp, 'W x 1; W y 1 || R r y; R s x'),
  shape('MP+wmb+po', '--+', mp, 'W x 1; wmb; W y 1 || R r y; R s x'),
  shape('MP+po+rmb', '--+', mp, 'W x 1; W y 1 || R r y; rmb; R s x'),
  shape('MP+wmb+rmb', '---', mp, 'W x 1; wmb; W y 1 || R r y; rmb; R s x'),
  shape('MP+wmb+acq', '---', mp, 'W x 1; wmb; W y 1 || Racq r y; R s x'),
  shape('MP+rel+rmb', '---', mp, 'W x 1; Wrel y 1 || R r y; rmb; R s x'),
  shape('MP+rel+acq', '---', mp, 'W x 1; Wrel y 1 || Racq r y; R s x'),
  shape('MP+rel+dereference', '---', mp, 'W x 1; Wrel y 1 || Rdep r y; R s x'),
  shape('MP+mb+mb', '---', mp, 'W x 1; mb; W y 1 || R r y; mb; R s x'),
  shape('MP+rmb+wmb', '--+', mp, 'W x 1; rmb; W y 1 || R r y; wmb; R s x'),
  shape('MP+rel+xchg', '---', mp, 'W x 1; Wrel y 1 || X r y 2; R s x'),
  shape('MP+rel+xchg_relaxed', '--+', mp, 'W x 1; Wrel y 1 || Xrlx r y 2; R s x'),
  shape('MP+rel+failed cmpxchg', '--+', mp, 'W x 1; Wrel y 1 || C r y 5 2; R s x'),
  shape('MP+rel+xchg_relaxed+acq', '---', 'q=1 r=2 s=0', 'W x 1; Wrel y 1 || Xrlx q y 2 || Racq r y; R s x'),
  shape('MP+rel+store+acq', '--+', 'r=2 s=0 y=2', 'W x 1; Wrel y 1; W y 2 || Racq r y; R s x'),
  shape('MP+xchg+rmb', '---', mp, 'W x 1; X q y 1 || R r y; rmb; R s x'),
  shape('MP+before_atomic+rmb', '---', mp, 'W x 1; before; Xrlx q y 1 || R r y; rmb; R s x'),
  shape('MP+locks', '---', mp, 'lock l; W x 1; W y 1; unlock l || lock l; R r y; R s x; unlock l'),
  shape(
    'MP+unlock lock+rmb',
    '---',
    mp,
    'lock l; W x 1; unlock l; lock m; W y 1; unlock m || R r y; rmb; R s x',
  ),
  shape('SB', '-++', sb, 'W x 1; R r y || W y 1; R s x'),
  shape('SB+mb+po', '-++', sb, 'W x 1; mb; R r y || W y 1; R s x'),
  shape('SB+mbs', '---', sb, 'W x 1; mb; R r y || W y 1; mb; R s x'),
  shape('SB+wmb rmb', '-++', sb, 'W x 1; wmb; rmb; R r y || W y 1; wmb; rmb; R s x'),
  shape('SB+rel acq', '-++', sb, 'Wrel x 1; Racq r y || Wrel y 1; Racq s x'),
  shape('SB+xchgs', '---', sb, 'X p x 1; R r y || X q y 1; R s x'),
  shape('SB+xchgs_relaxed', '--+', sb, 'Xrlx p x 1; R r y || Xrlx q y 1; R s x'),
  shape('SB+after_atomics', '---', sb, 'Xrlx p x 1; after; R r y || Xrlx q y 1; after; R s x'),
  shape('SB+after_spinlock', '---', sb, 'lock l; after_spinlock; R r y || W y 1; mb; R s l'),
  shape('SB+rfi+mbs', '---', 'p=1 r=0 s=0', 'W x 1; R p x; mb; R r y || W y 1; mb; R s x'),
  shape('LB', '--L', 'r=1 s=1', 'R r x; W y 1 || R s y; W x 1'),
  shape('LB+acqs', '---', 'r=1 s=1', 'Racq r x; W y 1 || Racq s y; W x 1'),
  shape('LB+datas', '---', 'r=1 s=1', 'R r x; W y r || R s y; W x s'),
  shape('CoRR', '---', mp, 'W x 1 || R r x; R s x'),
  shape('CoWR', '---', 'r=0', 'W x 1; R r x'),
  shape('CoRW', '---', 'r=1', 'R r x; W x 1'),
  shape('CoWW', '---', 'x=1', 'W x 1; W x 2'),
  shape('CoRR2', '---', 'a=1 b=2 c=2 d=1', 'W x 1 || W x 2 || R a x; R b x || R c x; R d x'),
  shape('IRIW', '--+', iriw, 'W x 1 || W y 1 || R a x; R b y || R c y; R d x'),
  shape('IRIW+rmbs', '--+', iriw, 'W x 1 || W y 1 || R a x; rmb; R b y || R c y; rmb; R d x'),
  shape('IRIW+acqs', '--+', iriw, 'W x 1 || W y 1 || Racq a x; R b y || Racq c y; R d x'),
  shape('IRIW+mbs', '---', iriw, 'W x 1 || W y 1 || R a x; mb; R b y || R c y; mb; R d x'),
  shape('IRIW+mb+rmb', '--+', iriw, 'W x 1 || W y 1 || R a x; mb; R b y || R c y; rmb; R d x'),
  shape('WRC', '--+', wrc, 'W x 1 || R a x; W y 1 || R b y; R c x'),
  shape('WRC+data+rmb', '--+', wrc, 'W x 1 || R a x; W y a || R b y; rmb; R c x'),
  shape('WRC+wmb+rmb', '--+', wrc, 'W x 1 || R a x; wmb; W y 1 || R b y; rmb; R c x'),
  shape('WRC+rel+rmb', '---', wrc, 'W x 1 || R a x; Wrel y 1 || R b y; rmb; R c x'),
  shape('WRC+rel+po', '--+', wrc, 'W x 1 || R a x; Wrel y 1 || R b y; R c x'),
  shape('WRC+mb+rmb', '---', wrc, 'W x 1 || R a x; mb; W y 1 || R b y; rmb; R c x'),
  shape('WWC+data', '--+', 'a=2 b=1 x=2', 'W x 2 || R a x; W y 1 || R b y; W x 1'),
  shape('ISA2+rel+rel+acq', '---', 'a=1 b=1 c=0', 'W x 1; Wrel y 1 || R a y; Wrel z 1 || Racq b z; R c x'),
  shape('ISA2+rel+acq+acq', '--+', 'a=1 b=1 c=0', 'W x 1; Wrel y 1 || Racq a y; W z 1 || Racq b z; R c x'),
  shape('ISA2+mb+data+rmb', '---', 'a=1 b=1 c=0', 'W x 1; mb; W y 1 || R a y; W z a || R b z; rmb; R c x'),
  shape('RWC+mbs', '---', 'a=1 b=0 c=0', 'W x 1 || R a x; mb; R b y || W y 1; mb; R c x'),
  shape('RWC+rmb+mb', '--+', 'a=1 b=0 c=0', 'W x 1 || R a x; rmb; R b y || W y 1; mb; R c x'),
  shape('R', '-++', 's=0 y=2', 'W x 1; W y 1 || W y 2; R s x'),
  shape('R+wmb+mb', '--+', 's=0 y=2', 'W x 1; wmb; W y 1 || W y 2; mb; R s x'),
  shape('R+mbs', '---', 's=0 y=2', 'W x 1; mb; W y 1 || W y 2; mb; R s x'),
  shape('S', '--+', 'r=1 x=2', 'W x 2; W y 1 || R r y; W x 1'),
  shape('S+wmb+acq', '---', 'r=1 x=2', 'W x 2; wmb; W y 1 || Racq r y; W x 1'),
  shape('S+wmb+data', '---', 'r=1 x=2', 'W x 2; wmb; W y 1 || R r y; W x r'),
  shape('2+2W', '--+', 'x=1 y=1', 'W x 1; W y 2 || W y 1; W x 2'),
  shape('2+2W+mbs', '---', 'x=1 y=1', 'W x 1; mb; W y 2 || W y 1; mb; W x 2'),
  shape(
    'Z6.0+rel+acq rel+mb',
    '--+',
    'a=1 b=0 z=2',
    'W x 1; Wrel y 1 || Racq a y; Wrel z 1 || W z 2; mb; R b x',
  ),
  shape('Z6.0+mbs', '---', 'a=1 b=0 z=2', 'W x 1; mb; W y 1 || R a y; mb; W z 1 || W z 2; mb; R b x'),
  shape('W+RWC+wmb+acq+mb', '--+', 'a=1 b=0 c=0', 'W x 1; wmb; W y 1 || Racq a y; R b z || W z 1; mb; R c x'),
  shape('W+RWC+rel+mb+mb', '---', 'a=1 b=0 c=0', 'W x 1; Wrel y 1 || R a y; mb; R b z || W z 1; mb; R c x'),
];
