/** Published layers: where they come from, how large they are, what the build found. */
import { ExportOutlined } from '@ant-design/icons'
import { Button, Input, Table, Tag } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router-dom'

import { api } from '../../api/client'
import { useResource } from '../../api/resource'
import type { LayerRow, Page } from '../../api/types'
import { ofLayer, openExport } from '../../components/exporting'
import { Empty, ErrorCard } from '../../components/states'
import { SeverityMark } from '../../components/severity-mark'
import type { Mark } from '../../components/severity-mark'
import { formatMoment, formatNumber, NO_VALUE } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import styles from './admin-screen.module.css'

const MARKS = new Set<string>(['critical', 'major', 'minor', 'notice'])

export function LayersPage() {
  const { t, language, pick } = useText()
  const [text, setText] = useState('')
  const { data, error, reload } = useResource<LayerRow[] | Page<LayerRow>>('layers', () => api.get('/layers'))
  const rows = Array.isArray(data) ? data : (data?.items ?? [])
  const needle = text.trim().toLowerCase()
  if (error && !data) return <ErrorCard error={error} retry={reload} />
  return (
    <>
      <div className={styles.tools}>
        <Input.Search allowClear value={text} placeholder={t('admin.search')} aria-label={t('admin.search')} style={{ width: '18rem' }} onChange={(event) => setText(event.target.value)} />
        <span>{t('admin.layerCount', { count: rows.length, objects: formatNumber(rows.reduce((sum, row) => sum + row.count, 0), language) })}</span>
      </div>
      <Table<LayerRow>
        rowKey="layer"
        size="small"
        loading={!data}
        dataSource={rows.filter((row) => `${row.layer} ${row.title} ${row.title_en} ${row.source}`.toLowerCase().includes(needle))}
        pagination={{ pageSize: 25, hideOnSinglePage: true }}
        locale={{ emptyText: <Empty title={t('admin.noLayers')} hint={t('admin.noLayersHint')} /> }}
        expandable={{
          rowExpandable: (row) => (row.findings?.length ?? 0) > 0,
          expandedRowRender: (row) => (
            <ul>
              {(row.findings ?? []).map((finding, index) => (
                <li key={index} className={styles.state} style={{ display: 'flex' }}>
                  <SeverityMark mark={MARKS.has(finding.severity) ? (finding.severity as Mark) : 'notice'} size={1} />
                  {pick(finding.zh, finding.en)} {finding.repaired ? <Tag color="success">{t('order.repaired')}</Tag> : null}
                </li>
              ))}
            </ul>
          ),
        }}
        columns={[
          { title: t('admin.layer'), dataIndex: 'layer', sorter: (a, b) => a.layer.localeCompare(b.layer) },
          { title: t('admin.titleColumn'), key: 'title', render: (_, row) => pick(row.title, row.title_en) },
          {
            title: t('order.column'),
            key: 'findings',
            sorter: (a, b) => toMend(a) - toMend(b),
            render: (_, row) => (
              <Link to={`/review/layers/${row.layer}`}>{t('order.counts', { open: toMend(row), repaired: (row.findings?.length ?? 0) - toMend(row) })}</Link>
            ),
          },
          { title: t('admin.group'), dataIndex: 'group', render: (group: string) => <Tag>{isGroup(group) ? t(`group.${group}`) : group}</Tag> },
          { title: t('admin.objects'), dataIndex: 'count', align: 'right', sorter: (a, b) => a.count - b.count, render: (count: number) => formatNumber(count, language) },
          { title: t('admin.triangles'), key: 'triangles', align: 'right', render: (_, row) => (typeof row.stats?.triangles === 'number' ? formatNumber(row.stats.triangles, language) : NO_VALUE) },
          { title: t('admin.crs'), dataIndex: 'crs', render: (crs: string) => crs || NO_VALUE },
          { title: t('admin.source'), dataIndex: 'source', ellipsis: true },
          { title: t('admin.version'), dataIndex: 'version', render: (version: string) => <code className={styles.code}>{version.slice(0, 10)}</code> },
          { key: 'compare', render: (_, row) => (row.version_count > 1 ? <Link to={`/compare?layer=${row.layer}`}>{t('compare.link', { count: row.version_count })}</Link> : null) },
          { title: t('admin.published'), dataIndex: 'published_at', render: (at: LayerRow['published_at']) => <span className={styles.moment}>{formatMoment(at)}</span> },
          { key: 'georef', render: (_, row) => (row.kind === 'bim' ? <Link to={`/admin/layers/${row.layer}/georef`}>{t('georef.open')}</Link> : null) },
          {
            key: 'export',
            width: 60,
            render: (_, row) => (
              <Button
                type="text"
                size="small"
                icon={<ExportOutlined />}
                title={t('menu.export')}
                aria-label={t('export.open', { name: pick(row.title, row.title_en) })}
                onClick={() => openExport(ofLayer(row, pick(row.title, row.title_en), t))}
              />
            ),
          },
        ]}
      />
    </>
  )
}

/** Findings that are left to the author. */
function toMend(row: LayerRow): number {
  return (row.findings ?? []).filter((finding) => !finding.repaired).length
}

const GROUPS = ['terrain', 'base', 'building', 'underground', 'neighbour', 'scheme', 'submission'] as const

function isGroup(group: string): group is (typeof GROUPS)[number] {
  return (GROUPS as readonly string[]).includes(group)
}
