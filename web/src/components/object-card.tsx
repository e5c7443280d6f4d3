/** Everything known of the chosen object: place, live points with their trend, quantities, properties, relations. */
import { AimOutlined, CloseOutlined, CopyOutlined, ExportOutlined, EyeInvisibleOutlined, SplitCellsOutlined } from '@ant-design/icons'
import { Button, Tooltip } from 'antd'

import { api } from '../api/client'
import { useResource } from '../api/resource'
import type { ObjectCard as Card, PathItem } from '../api/types'
import { useText } from '../i18n/use-text'
import { Facts, Relations } from './card-parts'
import { copyText } from './copy'
import { ofChosen, ofObject, openExport } from './exporting'
import styles from './object-card.module.css'
import { PointRow } from './point-row'
import { useStage, useStageState } from './stage-context'
import { ErrorCard, Skeleton } from './states'
import { useToast } from './toast'

export function ObjectCard({ gid }: { gid: string }) {
  const { t } = useText()
  const stage = useStage()
  const toast = useToast()
  const isolated = useStageState((state) => state.isolated !== null, false)
  const count = useStageState((state) => state.chosen.length, 0)
  const { data, error, reload } = useResource<Card>(`card/${gid}`, () => api.get('/objects/card', { gid }))

  const go = (target: string): void => {
    api.get<Card>('/objects/card', { gid: target }).then((item) => stage?.reveal(item), toast.problem)
  }

  return (
    <aside className={styles.card} aria-label={t('card.label')}>
      <header className={styles.head}>
        <div className={styles.titleRow}>
          <h2 className={styles.title}>{data?.name || gid}</h2>
          <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t('action.close')} onClick={() => stage?.clearSelection()} />
        </div>
        {data ? (
          <p className={styles.kind}>{[data.type, data.ifc_class !== `Ifc${data.type}` && data.ifc_class !== data.type ? data.ifc_class : '', data.storey_name].filter(Boolean).join(' · ')}</p>
        ) : null}
        {data ? <Path path={data.path} onGo={go} /> : null}
        {count > 1 ? (
          <p className={styles.several} role="status">
            {t('card.several', { count })}
          </p>
        ) : null}
      </header>
      <div className={`${styles.body} scroll`} tabIndex={0} role="region" aria-label={t('card.details')}>
        {error && !data ? <ErrorCard error={error} retry={reload} /> : null}
        {!data && !error ? <Skeleton rows={6} /> : null}
        {data && data.points.length > 0 ? (
          <section className={styles.section}>
            <h3>{t('card.points')}</h3>
            {data.points.map((point) => (
              <PointRow key={point.point_id} point={point} />
            ))}
          </section>
        ) : null}
        {data ? <Facts quantities={data.quantities} properties={data.properties} /> : null}
        {data && data.relations.length > 0 ? <Relations rows={data.relations} onGo={go} onConcept={(concept) => stage?.showConcept(concept)} /> : null}
        {data && data.points.length + data.quantities.length + data.properties.length + data.relations.length === 0 ? (
          <p className={styles.section}>{t('card.nothing')}</p>
        ) : null}
      </div>
      <footer className={styles.foot}>
        <Button size="small" icon={<AimOutlined />} disabled={!data?.box} onClick={() => data && void stage?.reveal(data)}>
          {t('menu.fly')}
        </Button>
        <Button size="small" type={isolated ? 'primary' : 'default'} icon={<SplitCellsOutlined />} onClick={() => stage?.toggleIsolate()}>
          {t('menu.isolate')}
        </Button>
        <Button size="small" icon={<EyeInvisibleOutlined />} onClick={() => stage?.hideSelected()}>
          {t('menu.hide')}
        </Button>
        <Button
          size="small"
          icon={<ExportOutlined />}
          disabled={!data}
          onClick={() => data && openExport(...(stage ? ofChosen(stage, t) : []), ofObject(data, t))}
        >
          {t('menu.export')}
        </Button>
        <Tooltip title={gid}>
          <Button size="small" icon={<CopyOutlined />} onClick={() => void copyText(gid).then(() => toast.done(t('toast.copied')))}>
            {t('menu.copyId')}
          </Button>
        </Tooltip>
      </footer>
    </aside>
  )
}

function Path({ path, onGo }: { path: PathItem[]; onGo: (gid: string) => void }) {
  if (path.length === 0) return null
  return (
    <nav className={styles.path}>
      {path.map((item, index) => (
        <span key={item.gid}>
          {index > 0 ? ' › ' : ''}
          <button type="button" onClick={() => onGo(item.gid)}>
            {item.name || item.type}
          </button>
        </span>
      ))}
    </nav>
  )
}
