/** A type, system, zone, material …: what it says of itself, which objects belong to it, what it belongs to. */
import { CloseOutlined, CopyOutlined, ExportOutlined, SelectOutlined, SplitCellsOutlined } from '@ant-design/icons'
import { Button } from 'antd'

import { api } from '../api/client'
import { useResource } from '../api/resource'
import type { ConceptCard as Card } from '../api/types'
import { formatNumber } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { conceptName, Facts, Relations } from './card-parts'
import { copyText } from './copy'
import { ofConcept, openExport } from './exporting'
import styles from './object-card.module.css'
import { useStage, useStageState } from './stage-context'
import { ErrorCard, Skeleton } from './states'
import { useToast } from './toast'

export function ConceptCard({ gid }: { gid: string }) {
  const { t, language } = useText()
  const stage = useStage()
  const toast = useToast()
  const isolated = useStageState((state) => state.isolated !== null, false)
  const { data, error, reload } = useResource<Card>(`concept/${gid}`, () => api.get('/concepts/card', { gid }))
  const ranges = data?.members.types.flatMap((one) => one.ranges) ?? []

  return (
    <aside className={styles.card} aria-label={t('card.concept')}>
      <header className={styles.head}>
        <div className={styles.titleRow}>
          <h2 className={styles.title}>{data?.name || gid}</h2>
          <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t('action.close')} onClick={() => stage?.showConcept(null)} />
        </div>
        {data ? <p className={styles.kind}>{[conceptName(data.kind, t), data.ifc_class].filter(Boolean).join(' · ')}</p> : null}
        {data?.description ? <p>{data.description}</p> : null}
      </header>
      <div className={`${styles.body} scroll`} tabIndex={0} role="region" aria-label={t('card.details')}>
        {error && !data ? <ErrorCard error={error} retry={reload} /> : null}
        {!data && !error ? <Skeleton rows={6} /> : null}
        {data && data.members.total > 0 ? (
          <section className={styles.section}>
            <h3>{t('card.members', { count: data.members.total })}</h3>
            {data.members.types.map((one) => (
              <div key={one.type} className={styles.relation}>
                <span>
                  <button type="button" title={t('menu.isolate')} onClick={() => stage?.isolate(one.ranges)}>
                    {one.type} · {formatNumber(one.count, language)}
                  </button>
                </span>
                <div>
                  {data.members.items
                    .filter((item) => item.type === one.type)
                    .slice(0, SHOWN_OF_TYPE)
                    .map((item) => (
                      <button key={item.gid} type="button" onClick={() => void stage?.reveal(item)}>
                        {item.name || item.gid}
                        {item.storey_name ? <small>{item.storey_name}</small> : null}
                      </button>
                    ))}
                  {one.count > SHOWN_OF_TYPE ? <small>{t('card.more', { count: one.count - SHOWN_OF_TYPE })}</small> : null}
                </div>
              </div>
            ))}
          </section>
        ) : null}
        {data ? <Facts quantities={data.quantities} properties={data.properties} /> : null}
        {data && data.relations.length > 0 ? <Relations rows={data.relations} onGo={() => undefined} onConcept={(concept) => stage?.showConcept(concept)} /> : null}
      </div>
      <footer className={styles.foot}>
        <Button
          size="small"
          type={isolated ? 'primary' : 'default'}
          icon={<SplitCellsOutlined />}
          disabled={!isolated && ranges.length === 0}
          onClick={() => stage?.isolate(isolated ? null : ranges)}
        >
          {t('menu.isolate')}
        </Button>
        <Button
          size="small"
          icon={<SelectOutlined />}
          disabled={!data || data.members.total === 0 || data.members.total > data.members.items.length}
          title={data && data.members.total > data.members.items.length ? t('card.tooMany', { count: data.members.items.length }) : undefined}
          onClick={() => {
            stage?.setChosen(data?.members.items ?? [])
            stage?.showConcept(gid) // choosing closes it
          }}
        >
          {t('card.choose')}
        </Button>
        <Button size="small" icon={<ExportOutlined />} disabled={!data || ranges.length === 0} onClick={() => data && stage && openExport(ofConcept(stage, data, ranges, t))}>
          {t('menu.export')}
        </Button>
        <Button size="small" icon={<CopyOutlined />} title={gid} onClick={() => void copyText(gid).then(() => toast.done(t('toast.copied')))}>
          {t('menu.copyId')}
        </Button>
      </footer>
    </aside>
  )
}

const SHOWN_OF_TYPE = 5
