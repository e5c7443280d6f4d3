/** The last value of an address, step by step: as it came, taken out, converted; or why not. */
import { Alert, Descriptions, Select } from 'antd'

import type { Preview } from '../../api/connectors'
import { formatMoment, formatReading, NO_VALUE, unitText } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import styles from './admin-screen.module.css'

interface Properties {
  preview: Preview | undefined
  /** Takes one of the values inside a message; absent where addresses have no paths. */
  choosePath?: (path: string) => void
}

export function MappingPreview({ preview, choosePath }: Properties) {
  const { t, language, pick } = useText()
  if (!preview) return <Alert type="info" title={t('binding.previewWaits')} />
  return (
    <div data-testid="mapping-preview">
      <Descriptions
        size="small"
        bordered
        column={1}
        items={[
          { key: 'raw', label: t('binding.raw'), children: <code className={styles.code}>{preview.raw || NO_VALUE}</code> },
          { key: 'value', label: t('binding.value'), children: preview.text || (preview.value ?? NO_VALUE) },
          { key: 'converted', label: t('binding.converted'), children: `${formatReading(preview.converted, preview.unit, language)} ${unitText(preview.unit, language)}` },
          { key: 'time', label: t('admin.at'), children: preview.time ? formatMoment(preview.time) : t('binding.receipt') },
        ]}
      />
      {choosePath && preview.paths.length > 0 ? (
        <Select
          showSearch
          value={null}
          style={{ width: '100%', marginTop: '0.5rem' }}
          placeholder={t('binding.choosePath')}
          aria-label={t('binding.choosePath')}
          options={preview.paths.map((path) => ({ value: path, label: path }))}
          onChange={(path: string | null) => path && choosePath(path)}
        />
      ) : null}
      {preview.problem ? <Alert type="warning" style={{ marginTop: '0.5rem' }} title={pick(preview.problem_zh, preview.problem)} /> : null}
    </div>
  )
}
