/** The stages of a review, and which one a job's phase belongs to. */

export const STAGES = ['read', 'information', 'rules', 'report'] as const
export type Stage = (typeof STAGES)[number]

/** Phases with words of our own; others are shown as the job says them. */
export const PHASES = ['queued', 'started', 'read', 'geometry', 'tiles', 'tables', 'write', 'file', 'information', 'rules', 'report', 'done'] as const
export type Phase = (typeof PHASES)[number]

/** A phase may carry more after its name (`geometry opencascade`): the first word decides. */
export function phaseWord(phase: string): Phase | null {
  const word = phase.trim().toLowerCase().split(/[\s:/]/)[0] ?? ''
  return PHASES.find((one) => one === word) ?? null
}

/** Index of the stage a phase belongs to; anything before the checks is reading. */
export function stageOf(phase: string): number {
  const word = phaseWord(phase)
  if (word === 'done') return STAGES.length
  const index = STAGES.findIndex((stage) => stage === word)
  return Math.max(0, index)
}
