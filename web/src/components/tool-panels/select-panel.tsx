/** Selecting by box and lasso: how it works, how many are chosen, what to do with them. */
import { Button, Segmented } from 'antd'

import { useText } from '../../i18n/use-text'
import { useStage, useStageState } from '../stage-context'
import styles from './tool-panel.module.css'

export default function SelectPanel() {
  const stage = useStage()
  const { t } = useText()
  const tool = useStageState((state) => state.tool, 'select')
  const count = useStageState((state) => state.chosen.length, 0)
  return (
    <>
      <Segmented
        block
        aria-label={t('select.title')}
        value={tool}
        onChange={(next) => (next === 'box' || next === 'lasso') && next !== tool && stage?.toggleTool(next)}
        options={[
          { value: 'box', label: t('command.box') },
          { value: 'lasso', label: t('command.lasso') },
        ]}
      />
      <p className={styles.hint}>{t(tool === 'lasso' ? 'select.lassoHint' : 'select.boxHint')}</p>
      <p role="status">{count > 0 ? t('tools.count', { count }) : t('select.none')}</p>
      <div className={styles.row}>
        <Button disabled={count === 0} onClick={() => stage?.toggleIsolate()}>
          {t('command.isolate')}
        </Button>
        <Button disabled={count === 0} onClick={() => stage?.hideSelected()}>
          {t('command.hide')}
        </Button>
        <Button disabled={count === 0} onClick={() => stage?.clearSelection()}>
          {t('select.clear')}
        </Button>
      </div>
    </>
  )
}
