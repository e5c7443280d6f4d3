/** Lines of flow: which layers, and which media of them. */
import { Button, Checkbox } from 'antd'

import { useResource } from '../../api/resource'
import { useStore } from '../../api/store'
import { formatNumber } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { MEDIUM_COLOURS } from '../../tools/overlays/flow-styles'
import type { OverlayKeeper } from '../../tools/overlays/keeper'
import { lineLayersOf } from '../../tools/overlays/park-data'
import { cssColor } from '../../tools/ramps'
import type { StageController } from '../../tools/stage-controller'
import { useStage, useStageState } from '../stage-context'
import { ErrorCard, Skeleton } from '../states'
import styles from './tool-panel.module.css'
import { useOverlays } from './use-overlays'

export default function FlowsPanel() {
  const stage = useStage()
  const overlays = useOverlays()
  return stage && overlays ? <Flows stage={stage} overlays={overlays} /> : null
}

function Flows({ stage, overlays }: { stage: StageController; overlays: OverlayKeeper }) {
  const { t, language, pick } = useText()
  const { revision, layers } = stage.manifest
  const { data, error, reload } = useResource(`overlay-lines/${revision}`, () => lineLayersOf(revision))
  const choice = useStageState((state) => state.overlays.flows, null)
  const sums = useStore(overlays.flows.store, (value) => value.sums)
  const chosen = choice?.layers ?? []
  const without = choice?.without ?? []
  const set = (next: { layers?: readonly string[]; without?: readonly string[] }): void => {
    const flows = { layers: chosen, without, ...next }
    stage.setOverlay('flows', flows.layers.length > 0 ? flows : null)
  }
  const flip = (list: readonly string[], one: string): string[] => (list.includes(one) ? list.filter((other) => other !== one) : [...list, one])
  if (error) return <ErrorCard error={error} retry={reload} />
  if (!data) return <Skeleton rows={4} />
  const known = data.flatMap((row) => {
    const layer = layers.find((one) => one.layer === row.layer)
    return layer ? [{ ...row, title: pick(layer.title, layer.title_en) }] : []
  })
  if (known.length === 0) return <p className={styles.hint}>{t('flowing.none')}</p>
  const undirected = sums.reduce((sum, one) => sum + (without.includes(one.medium) ? 0 : one.lines - one.directed), 0)
  return (
    <>
      <ul className={`${styles.checks} ${styles.long} scroll`} aria-label={t('flowing.layers')}>
        {known.map((row) => (
          <li key={row.layer}>
            <label>
              <Checkbox checked={chosen.includes(row.layer)} onChange={() => set({ layers: flip(chosen, row.layer) })} />
              <span>{row.title}</span>
              <small className={styles.hint}>{formatNumber(row.lines, language)}</small>
            </label>
          </li>
        ))}
      </ul>
      {sums.length > 0 ? (
        <ul className={styles.checks} aria-label={t('flowing.media')}>
          {sums.map((sum) => (
            <li key={sum.medium}>
              <label>
                <Checkbox checked={!without.includes(sum.medium)} onChange={() => set({ without: flip(without, sum.medium) })} />
                <i className={styles.swatch} style={{ background: cssColor(MEDIUM_COLOURS[sum.medium]) }} aria-hidden="true" />
                <span>{t(`flowing.${sum.medium}`)}</span>
                <small className={styles.hint}>{t('flowing.lines', { lines: formatNumber(sum.lines, language), length: formatNumber(sum.metres / 1000, language, 1) })}</small>
              </label>
            </li>
          ))}
        </ul>
      ) : (
        <p className={styles.hint}>{t('flowing.choose')}</p>
      )}
      {undirected > 0 ? <p role="status">{t('flowing.undirected', { count: undirected })}</p> : null}
      <p className={styles.hint}>{t('flowing.direction')}</p>
      <div className={styles.row}>
        <Button disabled={!choice} onClick={() => stage.setOverlay('flows', null)}>
          {t('flowing.clear')}
        </Button>
      </div>
    </>
  )
}
