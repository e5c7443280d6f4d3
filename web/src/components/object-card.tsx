/** Everything known of the chosen object: place, live points with their trend, quantities, properties, relations. */
import { AimOutlined, CloseOutlined, CopyOutlined, ExportOutlined, EyeInvisibleOutlined, SplitCellsOutlined } from '@ant-design/icons'
import { Button, Tooltip } from 'antd'

import { api } from '../api/client'
import { useResource } from '../api/resource'
import type { ObjectCard as Card, PathItem, PropertyRow, QuantityRow, RelationRow } from '../api/types'
import { formatNumber, NO_VALUE, unitText } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { zh } from '../i18n/zh'
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
        {data && data.quantities.length > 0 ? <Quantities rows={data.quantities} /> : null}
        {data && data.properties.length > 0 ? (
          <section className={styles.section}>
            <h3>{t('card.properties')}</h3>
            {data.properties.map((set, index) => (
              <details key={set.set} open={index === 0}>
                <summary>{set.set}</summary>
                <PropertyTable rows={set.rows} />
              </details>
            ))}
          </section>
        ) : null}
        {data && data.relations.length > 0 ? <Relations rows={data.relations} onGo={go} /> : null}
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

function Quantities({ rows }: { rows: QuantityRow[] }) {
  const { t, language } = useText()
  return (
    <section className={styles.section}>
      <h3>{t('card.quantities')}</h3>
      <table className={styles.rows}>
        <tbody>
          {rows.map((row, index) => (
            <tr key={`${row.set ?? ''}/${row.name}/${index}`}>
              <th scope="row">{row.name}</th>
              <td title={row.origin === 'measured' ? t('card.measured') : t('card.declared')}>
                {formatNumber(row.value, language, 3)} {unitText(row.unit, language)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const BARE_NUMBER = /^[-+]?[\d.,]+(e[-+]?\d+)?$/i

function PropertyTable({ rows }: { rows: PropertyRow[] }) {
  const { t, language } = useText()
  const show = (row: PropertyRow): string => {
    if (row.value === null || row.value === '') return NO_VALUE
    if (typeof row.value === 'boolean') return row.value ? t('word.yes') : t('word.no')
    // A reader may have written the unit into the text already ("1.1 m"); a bare number gets it here.
    return row.unit && BARE_NUMBER.test(String(row.value)) ? `${row.value} ${unitText(row.unit, language)}` : String(row.value)
  }
  return (
    <table className={styles.rows}>
      <tbody>
        {rows.map((row, index) => (
          <tr key={`${row.name}/${index}`}>
            <th scope="row">{row.name}</th>
            <td>{show(row)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const SHOWN_OF_KIND = 4

/** Relations of one kind and direction together; things before concepts, the first few of each told by name. */
function Relations({ rows, onGo }: { rows: RelationRow[]; onGo: (gid: string) => void }) {
  const { t } = useText()
  const groups = new Map<string, RelationRow[]>()
  for (const row of rows) {
    const label = row.kind in zh.relation ? t(`relation.${row.kind as keyof typeof zh.relation}`) : row.kind
    const key = `${row.direction === 'out' ? '→' : '←'} ${label}`
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return (
    <section className={styles.section}>
      <h3>{t('card.relations')}</h3>
      {[...groups].map(([label, found]) => (
        <div key={label} className={styles.relation}>
          <span>{label}</span>
          <div>
            {found
              .toSorted((a, b) => Number(a.state === null) - Number(b.state === null))
              .slice(0, SHOWN_OF_KIND)
              .map((row) => (
                <Related key={row.gid} row={row} onGo={onGo} />
              ))}
            {found.length > SHOWN_OF_KIND ? <small>{t('card.more', { count: found.length - SHOWN_OF_KIND })}</small> : null}
          </div>
        </div>
      ))}
    </section>
  )
}

/** One end of a relation: a thing can be gone to, a concept is told with its kind. */
function Related({ row, onGo }: { row: RelationRow; onGo: (gid: string) => void }) {
  const { t } = useText()
  if (row.state !== null) {
    return (
      <button type="button" onClick={() => onGo(row.gid)}>
        {row.name || row.gid}
      </button>
    )
  }
  return (
    <em>
      {row.name || row.gid.slice(row.gid.indexOf('/') + 1)}
      {row.type !== null && row.type in zh.concept ? <small>{t(`concept.${row.type as keyof typeof zh.concept}`)}</small> : null}
    </em>
  )
}
