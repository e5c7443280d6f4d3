/** What is wrong with what arrives, by connection and for the whole park, with what each count means. */
import { Table } from 'antd'

import type { ConnectionState, ParkStatus } from '../../api/types'
import { formatNumber, NO_VALUE } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import styles from './admin-screen.module.css'

const FAULTS = ['unknown', 'undecodable', 'bad', 'late', 'skewed', 'dropped'] as const
type Fault = (typeof FAULTS)[number]

export type ArrivalRow = Record<Fault, number | null> & { name: string; whole: boolean }

/** A row for each connection, and their sum; what the park counts itself is the park's figure. */
export function arrivals(connections: readonly ConnectionState[], updates: ParkStatus['updates'], whole: string): ArrivalRow[] {
  const sum = (fault: Fault): number => connections.reduce((total, one) => total + (one[fault] ?? 0), 0)
  const { bad, late, skewed } = updates
  const park = { unknown: sum('unknown'), undecodable: sum('undecodable'), bad, late, skewed, dropped: sum('dropped') }
  return [...connections.map((one) => ({ ...pick(one), name: one.name, whole: false })), { ...park, name: whole, whole: true }]
}

function pick({ unknown, undecodable, bad, late, skewed, dropped }: ConnectionState): Record<Fault, number | null> {
  return { unknown, undecodable, bad, late, skewed, dropped }
}

export function Arrivals({ park }: { park: ParkStatus }) {
  const { t, language } = useText()
  const count = (value: number | null) =>
    value === null ? (
      <span title={t('admin.notCounted')}>
        <span aria-hidden="true">{NO_VALUE}</span>
        <span className="visually-hidden">{t('admin.notCounted')}</span>
      </span>
    ) : (
      <span className={value > 0 ? styles.fault : styles.none}>{formatNumber(value, language)}</span>
    )
  return (
    <section aria-label={t('admin.quality')}>
      <h2 className={styles.head}>{t('admin.quality')}</h2>
      <p className={styles.lead}>{t('admin.qualityLead', { total: formatNumber(park.updates.updates, language) })}</p>
      <Table<ArrivalRow>
        rowKey={(row) => `${row.whole}/${row.name}`}
        size="small"
        pagination={false}
        dataSource={arrivals(park.connections, park.updates, t('admin.wholePark'))}
        columns={[
          { title: t('admin.name'), dataIndex: 'name', render: (name: string, row) => (row.whole ? <strong>{name}</strong> : name) },
          ...FAULTS.map((fault) => ({
            title: t(`admin.${fault}`),
            dataIndex: fault,
            align: 'right' as const,
            render: count,
          })),
        ]}
      />
      <dl className={styles.meanings}>
        {FAULTS.map((fault) => (
          <div key={fault}>
            <dt>{t(`admin.${fault}`)}</dt>
            <dd>{t(`admin.${fault}Hint`)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
