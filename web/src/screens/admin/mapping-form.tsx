/** Edits one entry of the mapping, with what it makes of the last value beside it. */
import { Form, Input, InputNumber, Modal, Select } from 'antd'
import { useState } from 'react'

import { api } from '../../api/client'
import { saveMapping } from '../../api/connectors'
import type { Connector, MappingFields, MappingKey, MappingPage } from '../../api/connectors'
import { useResource } from '../../api/resource'
import type { PointColumns } from '../../api/types'
import { useToast } from '../../components/toast'
import { useText } from '../../i18n/use-text'
import { MappingPreview } from './mapping-preview'
import { wordsOf, wordsText } from './mapping-words'
import { usePreview } from './use-preview'

export interface Draft {
  fields: MappingFields
  /** The entry in whose place it comes; null for a new one. */
  replaces: MappingKey | null
}

interface Properties {
  draft: Draft
  page: MappingPage
  connectors: readonly Connector[]
  close: (saved: boolean) => void
}

interface Fields extends Omit<MappingFields, 'values'> {
  words: string
}

export function MappingForm({ draft, page, connectors, close }: Properties) {
  const { t } = useText()
  const toast = useToast()
  const [form] = Form.useForm<Fields>()
  const [saving, setSaving] = useState(false)
  const points = useResource<PointColumns>('points', () => api.get('/points')).data
  const { values, ...rest } = draft.fields
  const initial: Fields = { ...rest, words: wordsText(values) }
  // What is watched has no fields before the form is drawn.
  const given = { ...initial, ...(Form.useWatch([], form) as Partial<Fields> | undefined) }
  const entry = entryOf(given)
  const preview = usePreview(entry)
  const kind = connectors.find((one) => one.name === given.connector)?.kind

  const save = (fields: Fields): void => {
    const whole = entryOf(fields)
    if (!whole) return
    setSaving(true)
    saveMapping(whole, draft.replaces, page.revision)
      .then(() => {
        toast.done(t('binding.saved', { address: whole.address }))
        close(true)
      })
      .catch(toast.problem)
      .finally(() => setSaving(false))
  }
  return (
    <Modal
      open
      width={880}
      title={t(draft.replaces ? 'binding.edit' : 'binding.add')}
      okText={t('binding.save')}
      cancelText={t('action.cancel')}
      confirmLoading={saving}
      onOk={() => form.submit()}
      onCancel={() => close(false)}
    >
      <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(20rem, 1fr))', gap: '1.5rem' }}>
        <Form<Fields> form={form} layout="vertical" initialValues={initial} onFinish={save}>
          <Form.Item name="connector" label={t('binding.connector')} rules={[{ required: true, message: t('binding.missing') }]}>
            <Select options={connectors.map(({ name }) => ({ value: name, label: name }))} />
          </Form.Item>
          <Form.Item name="address" label={t('binding.address')} rules={[{ required: true, whitespace: true, message: t('binding.missing') }]}>
            <Input maxLength={1000} />
          </Form.Item>
          <Form.Item name="point" label={t('binding.point')} rules={[{ required: true, message: t('binding.missing') }]}>
            <Select showSearch={{ optionFilterProp: 'label' }} options={pointOptions(points)} notFoundContent={t('binding.noPoints')} />
          </Form.Item>
          <Form.Item name="scale" label={t('binding.scale')} extra={t('binding.scaleHint')} rules={[{ required: true, message: t('binding.missing') }]}>
            <InputNumber style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name="offset" label={t('binding.offset')} rules={[{ required: true, message: t('binding.missing') }]}>
            <InputNumber style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name="unit" label={t('binding.unit')} extra={t('binding.unitHint')}>
            <Select showSearch options={unitOptions(page.units, t('binding.sameUnit'))} />
          </Form.Item>
          <Form.Item
            name="words"
            label={t('binding.words')}
            extra={t('binding.wordsHint')}
            rules={[{ validator: (_, text: string) => (wordsOf(text) ? Promise.resolve() : Promise.reject(new Error(t('binding.wordsWrong')))) }]}
          >
            <Input />
          </Form.Item>
          <Form.Item name="min_interval_s" label={t('binding.interval')} extra={t('binding.intervalHint')} rules={[{ required: true, message: t('binding.missing') }]}>
            <InputNumber min={0} max={86_400} style={{ width: '100%' }} />
          </Form.Item>
        </Form>
        <section aria-label={t('binding.preview')}>
          <h2>{t('binding.preview')}</h2>
          <MappingPreview
            preview={preview}
            {...(kind === 'mqtt' ? { choosePath: (path: string) => form.setFieldValue('address', `${given.address.split('#')[0] ?? ''}#${path}`) } : {})}
          />
        </section>
      </div>
    </Modal>
  )
}

function entryOf({ words, ...fields }: Fields): MappingFields | undefined {
  const values = wordsOf(words)
  return values && { ...fields, address: fields.address.trim(), values }
}

function pointOptions(points: PointColumns | undefined): { value: string; label: string }[] {
  return (points?.point_id ?? []).map((id, index) => ({
    value: id,
    label: [id, points?.name[index], points?.unit[index]].filter(Boolean).join(' · '),
  }))
}

function unitOptions(units: Readonly<Record<string, string[]>>, same: string): { value: string; label: string }[] {
  return [{ value: '', label: same }, ...Object.values(units).flatMap((names) => names.map((name) => ({ value: name, label: name })))]
}
