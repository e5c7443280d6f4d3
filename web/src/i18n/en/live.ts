import type { Texts } from '../texts'
import type { live as zh } from '../zh/live'

/** The past and commands. */
export const live: Texts<typeof zh> = {
  past: {
    open: 'Replay the past',
    label: 'Replay of the past',
    badge: 'Past moment',
    moment: 'Moment shown',
    play: 'Play',
    pause: 'Pause',
    speed: 'Speed',
    back: 'Back to live',
    span: 'Span',
    hours: '{{count}} h',
    days: '{{count}} d',
    ended: 'Played to the end',
    nowOnly: 'This is the present.',
    nowHint: 'No history is kept of it, so it does not follow the moment shown.',
  },
  pointCommand: {
    setOf: '{{kind}}, set point',
    asked: 'Asked for',
    value: 'New set value',
    send: 'Send',
    cancel: 'Cancel',
    sent: 'Command sent',
    cancelled: 'Command cancelled',
    state: {
      asked: 'waiting to be sent',
      sent: 'sent, not confirmed yet',
      confirmed: 'confirmed by the device',
      refused: 'refused',
      'timed-out': 'not confirmed in time',
      cancelled: 'cancelled',
      unknown: 'outcome unknown',
    },
  },
}
