/** Keyboard shortcuts of a screen: one listener, silent while somebody types or a dialog is open. */
import { useEffect, useRef } from 'react'

import { COMMANDS, commandOf } from '../tools/commands'
import type { StageController } from '../tools/stage-controller'
import { toggleTour } from './views'

export interface HotKeys {
  stage: StageController | null
  onSearch?: () => void
  onHelp?: () => void
  /** Digit 1–9. */
  onDigit?: (digit: number) => void
  /** Further keys of the screen. Return true when handled. */
  onKey?: (event: KeyboardEvent) => boolean
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}

/** Space presses what has the focus. */
function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a, summary, [role=button], [role=tab], [role=switch], [role=slider]') !== null
}

/** Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y, with ⌘ on a Mac. */
function isHistory({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return (ctrlKey || metaKey) && !altKey && ['z', 'y'].includes(key.toLowerCase())
}

export function useHotKeys(keys: HotKeys): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const { stage, onSearch, onHelp, onDigit, onKey } = latest.current
      if (isHistory(event) && !event.defaultPrevented && !isTyping(event.target)) {
        const { history } = stage ?? {}
        void (event.shiftKey || event.key.toLowerCase() === 'y' ? history?.redo() : history?.undo())
        return event.preventDefault()
      }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (isTyping(event.target) || document.querySelector('.ant-modal-wrap:not([style*="display: none"])')) return
      if (onKey?.(event)) return event.preventDefault()
      // While walking or flying, the letters steer.
      const walking = (stage?.store.get().navigation ?? 'orbit') !== 'orbit'
      if (event.key === 'Escape') stage?.leave()
      else if (event.key === '/') onSearch?.()
      else if (event.key === '?') onHelp?.()
      else if (/^[1-9]$/.test(event.key)) onDigit?.(Number(event.key))
      else if (event.key === ' ' && !walking && !isPressable(event.target)) {
        if (!toggleTour(stage)) return
      }
      else if (stage && !walking && commandOf(event.key)) {
        const command = COMMANDS.find((one) => one.key === event.key.toLowerCase())
        command?.run(stage)
      } else return
      event.preventDefault()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}
