/** Models handed in before. */
import { Table, Tag } from 'antd'
import { Link } from 'react-router-dom'

import { SEVERITIES } from '../../api/alarms'
import { api } from '../../api/client'
import { useResource } from '../../api/resource'
import type { Page, Submission } from '../../api/types'
import { Empty, ErrorCard } from '../../components/states'
import { SeverityMark } from '../../components/severity-mark'
import { formatBytes, formatMoment } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import styles from './submissions-page.module.css'

const COLORS: Record<Submission['state'], string> = {
  queued: 'default',
  building: 'processing',
  reviewing: 'processing',
  reviewed: 'success',
  failed: 'error',
  cancelled: 'default',
}

export function SubmissionsTable() {
  const { t } = useText()
  const { data, error, reload } = useResource<Page<Submission>>('submissions', () => api.get('/submissions'), { everyMs: 4000 })
  return (
    <section className={styles.list}>
      <h2>{t('review.list')}</h2>
      {error && !data ? <ErrorCard error={error} retry={reload} /> : null}
      <Table<Submission>
        rowKey="id"
        size="middle"
        loading={!data && !error}
        dataSource={data?.items ?? []}
        pagination={{ pageSize: 12, hideOnSinglePage: true }}
        locale={{ emptyText: <Empty title={t('review.none')} hint={t('review.noneHint')} /> }}
        columns={[
          {
            title: t('review.model'),
            dataIndex: 'name',
            render: (name: string, row) => (row.state === 'reviewed' ? <Link to={`/review/${row.id}`}>{name}</Link> : name),
          },
          {
            title: t('review.state'),
            dataIndex: 'state',
            width: 110,
            render: (state: Submission['state'], row) => (
              <Tag color={COLORS[state]} title={row.error?.message ?? row.error?.detail}>
                {t(`submission.${state}`)}
              </Tag>
            ),
          },
          {
            title: t('review.findings'),
            key: 'counts',
            width: 240,
            render: (_, row) =>
              row.state === 'reviewed' ? (
                <span className={styles.counts}>
                  {SEVERITIES.map((severity) => (
                    <span key={severity}>
                      <SeverityMark mark={severity} size={1} label={t(`severity.${severity}`)} />
                      {row.counts[severity] ?? 0}
                    </span>
                  ))}
                </span>
              ) : null,
          },
          { title: t('review.size'), dataIndex: 'size', width: 100, align: 'right', render: (size: number) => formatBytes(size) },
          { title: t('review.by'), dataIndex: 'owner', width: 130 },
          { title: t('review.at'), dataIndex: 'created_at', width: 180, render: (at: Submission['created_at']) => formatMoment(at) },
        ]}
      />
    </section>
  )
}
