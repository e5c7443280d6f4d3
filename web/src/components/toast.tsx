/** Toasts that can be found again: short notices on screen, and a list of the latest in the notices drawer. */
import { useMemo } from 'react'
import type { ReactNode } from 'react'

import { createStore } from '../api/store'
import { said } from './said'
import { useText } from '../i18n/use-text'
import type { Mark } from './severity-mark'

export interface Notice {
  id: number
  at: number
  mark: Mark
  title: string
  detail?: string
}

const KEEP = 50
let nextId = 1

export const notices = createStore<{ list: readonly Notice[] }>({ list: [] })

function show(mark: Mark, title: string, detail?: string, action?: ReactNode): void {
  const notice: Notice = { id: nextId++, at: Date.now(), mark, title, ...(detail ? { detail } : {}) }
  notices.set(({ list }) => ({ list: [notice, ...list].slice(0, KEEP) }))
  cards.set(({ waiting }) => ({ waiting: [...waiting, { notice, action }] }))
}

/** What the cards on screen are made of; their code comes with the first notice. */
export interface Card {
  notice: Notice
  action: ReactNode
}

/** Notices that have no card yet. */
export const cards = createStore<{ waiting: readonly Card[] }>({ waiting: [] })

export interface Toast {
  done: (title: string) => void
  problem: (error: unknown) => void
  notice: (mark: Mark, title: string, detail?: string, action?: ReactNode) => void
}

export function useToast(): Toast {
  const { t, language } = useText()
  return useMemo(
    () => ({
      done: (title) => show('normal', title),
      notice: show,
      problem: (error) => {
        if (error instanceof DOMException && error.name === 'AbortError') return
        show('major', t('state.failed'), error instanceof Error ? said(error, t, language) : String(error))
      },
    }),
    [t, language],
  )
}
