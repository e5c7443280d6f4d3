/** Every change: who, what, on what, when, from where. */
import { Input, Table } from 'antd'
import { useEffect, useState } from 'react'

import { api } from '../../api/client'
import { useResource } from '../../api/resource'
import type { AuditRow, Page } from '../../api/types'
import { Empty, ErrorCard } from '../../components/states'
import { formatMoment } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import styles from './admin-screen.module.css'

const PAGE = 25
const WAIT_MS = 250

export function AuditPage() {
  const { t } = useText()
  const [text, setText] = useState('')
  const [query, setQuery] = useState('')
  const [page, setPage] = useState(1)
  useEffect(() => {
    const timer = setTimeout(() => {
      setQuery(text.trim())
      setPage(1)
    }, WAIT_MS)
    return () => clearTimeout(timer)
  }, [text])
  const { data, error, reload } = useResource<Page<AuditRow>>(`audit/${query}/${page}`, () =>
    api.get('/audit', { q: query, limit: PAGE, offset: (page - 1) * PAGE }),
  )
  if (error && !data) return <ErrorCard error={error} retry={reload} />
  return (
    <>
      <div className={styles.tools}>
        <Input.Search allowClear value={text} placeholder={t('admin.auditSearch')} aria-label={t('admin.auditSearch')} style={{ width: '24rem' }} onChange={(event) => setText(event.target.value)} />
      </div>
      <Table<AuditRow>
        rowKey="id"
        size="small"
        loading={!data}
        dataSource={data?.items ?? []}
        pagination={{ current: page, pageSize: PAGE, total: data?.total ?? 0, onChange: setPage, showSizeChanger: false, hideOnSinglePage: true }}
        locale={{ emptyText: <Empty title={t('admin.noAudit')} hint={t('admin.noAuditHint')} /> }}
        columns={[
          { title: t('admin.at'), dataIndex: 'at', width: 180, render: (at: AuditRow['at']) => formatMoment(at) },
          { title: t('admin.user'), dataIndex: 'user', width: 140 },
          { title: t('admin.action'), dataIndex: 'action', width: 200 },
          { title: t('admin.target'), dataIndex: 'target', ellipsis: true },
          {
            title: t('admin.detail'),
            dataIndex: 'detail',
            render: (detail: AuditRow['detail']) => (
              <code className={styles.code}>
                {Object.entries(detail)
                  .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
                  .join(' · ')}
              </code>
            ),
          },
          { title: t('admin.address'), dataIndex: 'address', width: 140 },
        ]}
      />
    </>
  )
}
