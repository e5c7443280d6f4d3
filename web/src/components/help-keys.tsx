/** All shortcuts in a window. */
import { Modal } from 'antd'

import { useText } from '../i18n/use-text'
import { COMMANDS } from '../tools/commands'
import styles from './help-keys.module.css'
import { useHeadsetState } from './use-headset'

/** Letters of what is no single key. */
const LONG = 6

export function HelpKeys({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useText()
  const headset = useHeadsetState()
  const rows: [string, string][] = [
    ...COMMANDS.map((command): [string, string] => [command.key.toUpperCase(), t(`command.${command.id}`)]),
    ['1 – 9', t('help.storeys')],
    [t('word.space'), t('help.space')],
    ['/', t('help.search')],
    ['Esc', t('help.leave')],
    ['?', t('help.keys')],
    [t('help.rightClick'), t('help.menu')],
    [t('help.multi'), t('help.multiMeaning')],
    [t('help.behind'), t('help.behindMeaning')],
    [t('help.moving'), t('help.movingMeaning')],
    [t('vr.headset'), headset === null || headset === 'ready' ? t('vr.help') : t(`vr.${headset}`)],
  ]
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={t('help.title')} width="34rem">
      <dl className={styles.keys}>
        {rows.map(([key, meaning]) => (
          <div key={key} className={key.length > LONG ? styles.long : undefined}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
