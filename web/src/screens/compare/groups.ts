/** Kinds of change in the few groups that a person tells apart by colour. */
import type { DiffKind } from '../../api/diff'

export interface ChangeGroup {
  id: 'added' | 'deleted' | 'reshaped' | 'moved' | 'retyped' | 'data' | 'structure'
  /** Beside the colour, for those who do not see it. */
  sign: string
  kinds: readonly DiffKind[]
}

/** The strongest first: an object with several changes shows the colour of the first group that it belongs to. */
export const GROUPS: readonly ChangeGroup[] = [
  { id: 'added', sign: '+', kinds: ['added'] },
  { id: 'deleted', sign: '−', kinds: ['deleted'] },
  { id: 'reshaped', sign: '◆', kinds: ['reshaped'] },
  { id: 'moved', sign: '→', kinds: ['moved', 'carried', 're-georeferenced'] },
  { id: 'retyped', sign: '⇄', kinds: ['retyped'] },
  { id: 'data', sign: '≠', kinds: ['renamed', 'property-changed', 'quantity-changed', 'material-changed', 'classification-changed'] },
  { id: 'structure', sign: '⋔', kinds: ['re-contained', 'group-changed', 'relation-changed', 're-identified'] },
]

export function groupOf(kinds: readonly DiffKind[]): ChangeGroup {
  return GROUPS.find((group) => group.kinds.some((kind) => kinds.includes(kind))) ?? (GROUPS.at(-1) as ChangeGroup)
}

/** The kinds of the chosen groups; all where none is chosen. */
export function kindsOf(chosen: ReadonlySet<string>): DiffKind[] {
  return GROUPS.filter((group) => chosen.size === 0 || chosen.has(group.id)).flatMap((group) => group.kinds)
}

/** Sum of counts of a group's kinds. */
export function countOf(group: ChangeGroup, counts: Partial<Record<DiffKind, number>>): number {
  return group.kinds.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0)
}
