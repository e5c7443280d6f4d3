/** Cameras and what they see. */
import { EyeOutlined } from '@ant-design/icons'
import { Button, Checkbox, Select } from 'antd'
import { useState } from 'react'

import { useResource } from '../../api/resource'
import { formatNumber } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { isBuilding } from '../../tools/buildings'
import { coneOf, poseOf } from '../../tools/overlays/cone-keeper'
import { camerasOf } from '../../tools/overlays/park-data'
import type { CameraRow } from '../../tools/overlays/park-data'
import type { StageController } from '../../tools/stage-controller'
import { useStage, useStageState } from '../stage-context'
import { ErrorCard, Skeleton } from '../states'
import { useToast } from '../toast'
import styles from './tool-panel.module.css'
import { useOverlays } from './use-overlays'

/** Views drawn at once at most: each is worked out with some six hundred rays. */
const MOST = 12
const STOREY = '/'

/** What tells a camera from its neighbours of the same name: the number on its plate. */
const idOf = ({ tag, gid }: CameraRow): string => tag ?? gid

export default function ConesPanel() {
  const stage = useStage()
  useOverlays()
  return stage ? <Cones stage={stage} /> : null
}

function Cones({ stage }: { stage: StageController }) {
  const toast = useToast()
  const { t, language, pick } = useText()
  const { revision } = stage.manifest
  const { data, error, reload } = useResource(`overlay-cameras/${revision}`, () => camerasOf(revision))
  const shown = useStageState((state) => state.overlays.cones, null)?.cameras ?? []
  const storey = useStageState((state) => state.storey, null)
  const [scope, setScope] = useState<string | null>(storey ? STOREY : null)
  if (error) return <ErrorCard error={error} retry={reload} />
  if (!data) return <Skeleton rows={4} />
  const buildings = stage.manifest.layers.filter((layer) => isBuilding(layer) && data.some((row) => row.layer === layer.layer))
  const wanted = scope ?? buildings[0]?.layer
  const rows = data.filter((row) => (wanted === STOREY ? row.storey === storey?.storey.gid : row.layer === wanted))
  const seeing = rows.filter((row) => row.heading !== null)
  const set = (cameras: readonly string[]): void => stage.setOverlay('cones', cameras.length > 0 ? { cameras: cameras.slice(-MOST) } : null)
  const flip = ({ gid }: CameraRow): void => set(shown.includes(gid) ? shown.filter((one) => one !== gid) : [...shown, gid])
  const through = (row: CameraRow): void => {
    const cone = coneOf(row)
    if (cone) stage.viewer.setCamera(poseOf(cone)).catch(toast.problem)
  }
  const angles = (row: CameraRow): string => {
    const cone = coneOf(row)
    return cone ? t('filming.angles', { heading: formatNumber(cone.heading, language, 0), width: cone.width, height: cone.height, range: cone.range }) : ''
  }
  return (
    <>
      <label className={styles.field}>
        <span className={styles.hint}>{t('filming.scope')}</span>
        <Select
          aria-label={t('filming.scope')}
          value={wanted ?? null}
          onChange={setScope}
          options={[...(storey ? [{ value: STOREY, label: t('filming.storey') }] : []), ...buildings.map((layer) => ({ value: layer.layer, label: pick(layer.title, layer.title_en) }))]}
        />
      </label>
      {rows.length === 0 ? (
        <p className={styles.hint}>{t('filming.none')}</p>
      ) : (
        <ul className={`${styles.checks} ${styles.long} scroll`} aria-label={t('filming.camera')}>
          {rows.map((row) => (
            <li key={row.gid} className={styles.between}>
              <label title={angles(row)}>
                <Checkbox checked={shown.includes(row.gid)} disabled={row.heading === null} onChange={() => flip(row)} />
                <span className={styles.named}>
                  {row.name ?? row.gid}
                  <small>{idOf(row)}</small>
                </span>
              </label>
              <Button
                type="text"
                size="small"
                icon={<EyeOutlined />}
                disabled={row.heading === null}
                aria-label={`${row.name ?? ''} ${idOf(row)} ${t('filming.through')}`}
                title={t('filming.through')}
                onClick={() => through(row)}
              />
            </li>
          ))}
        </ul>
      )}
      <p role="status">{t('filming.shown', { shown: rows.filter(({ gid }) => shown.includes(gid)).length, total: seeing.length })}</p>
      {seeing.length < rows.length ? <p className={styles.hint}>{t('filming.noHeading', { count: rows.length - seeing.length })}</p> : null}
      <div className={styles.row}>
        <Button disabled={seeing.length === 0} onClick={() => set(seeing.map(({ gid }) => gid).slice(0, MOST))}>
          {t('filming.showAll')}
        </Button>
        <Button disabled={shown.length === 0} onClick={() => set([])}>
          {t('filming.clear')}
        </Button>
      </div>
    </>
  )
}
