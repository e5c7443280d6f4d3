/** Registering a device, and changing one. */
import { AutoComplete, Form, Input, InputNumber, Modal, Select } from 'antd'

import type { DeviceCard, DeviceFacets, DeviceFields, DeviceRow } from '../../api/devices'
import { changeDevice, createDevice } from '../../api/devices'
import { useToast } from '../../components/toast'
import { useText } from '../../i18n/use-text'
import styles from './devices-screen.module.css'

interface Properties {
  /** Null or missing: a new one. */
  card?: DeviceCard
  facets?: DeviceFacets | undefined
  onClose: () => void
  onSaved: (device: DeviceRow) => void
}

/** The buttons stay in sight on a low screen. */
const SCROLLING = { body: { maxHeight: 'calc(100vh - 10rem)', overflow: 'auto' } }

type Values = DeviceFields & { id: string }
const NAMES = [
  'name', 'gid', 'kind', 'model', 'maker', 'serial', 'firmware', 'installed', 'maintained', 'maintain_every_days', 'parent', 'connector', 'heartbeat_s', 'groups', 'tags', 'notes',
] as const satisfies readonly (keyof DeviceFields)[]
const DAY = /^\d{4}-\d{2}-\d{2}$/

/** What differs from before; what was emptied is sent as null or empty, as its kind is. */
export function changedFields(before: Partial<DeviceFields>, now: Partial<DeviceFields>): Partial<DeviceFields> {
  const found: Record<string, unknown> = {}
  for (const name of NAMES) {
    const value = now[name] === undefined ? null : now[name]
    const old = before[name] === undefined ? null : before[name]
    const empty = (one: unknown): boolean => one === null || one === '' || (Array.isArray(one) && one.length === 0)
    if (empty(value) && empty(old)) continue
    if (JSON.stringify(value) !== JSON.stringify(old)) found[name] = value === '' && (name === 'installed' || name === 'maintained') ? null : value
  }
  return found
}

export function DeviceForm({ card, facets, onClose, onSaved }: Properties) {
  const { t } = useText()
  const toast = useToast()
  const [form] = Form.useForm<Values>()
  const save = ({ id, ...now }: Values): void => {
    const fields = changedFields(card ?? {}, now)
    const work = card ? changeDevice(card.id, card.version, fields) : createDevice(id.trim(), fields)
    work.then((saved) => {
      toast.done(t('devices.saved', { id: saved.id }))
      onSaved(saved)
    }, toast.problem)
  }
  const options = (names: readonly string[] | undefined) => (names ?? []).map((value) => ({ value }))
  const day = { pattern: DAY, message: t('devices.dayWrong') }
  return (
    <Modal open width={720} title={card ? `${t('devices.edit')} ${card.id}` : t('devices.add')} okText={t('devices.save')} cancelText={t('action.cancel')} onOk={() => form.submit()} onCancel={onClose} styles={SCROLLING} centered destroyOnHidden>
      <Form<Values> form={form} layout="vertical" className={styles.form} onFinish={save} initialValues={card ?? { groups: [], tags: [] }}>
        {card ? null : (
          <Form.Item name="id" label={t('devices.field.id')} extra={t('devices.hint.id')} rules={[{ required: true, whitespace: true, message: t('devices.idMissing') }, { pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, message: t('devices.hint.id') }]}>
            <Input maxLength={64} autoFocus />
          </Form.Item>
        )}
        <Form.Item name="name" label={t('devices.field.name')}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="gid" label={t('devices.field.gid')} extra={t('devices.hint.gid')} className={styles.wide ?? ''}>
          <Input maxLength={300} />
        </Form.Item>
        <Form.Item name="kind" label={t('devices.field.kind')}>
          <AutoComplete options={options(facets?.kind)} />
        </Form.Item>
        <Form.Item name="model" label={t('devices.field.model')}>
          <AutoComplete options={options(facets?.model)} />
        </Form.Item>
        <Form.Item name="maker" label={t('devices.field.maker')}>
          <AutoComplete options={options(facets?.maker)} />
        </Form.Item>
        <Form.Item name="serial" label={t('devices.field.serial')}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="firmware" label={t('devices.field.firmware')}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="parent" label={t('devices.field.parent')}>
          <AutoComplete options={options(facets?.parent)} />
        </Form.Item>
        <Form.Item name="installed" label={t('devices.field.installed')} extra={t('devices.hint.day')} rules={[day]}>
          <Input maxLength={10} />
        </Form.Item>
        <Form.Item name="maintained" label={t('devices.field.maintained')} extra={t('devices.hint.day')} rules={[day]}>
          <Input maxLength={10} />
        </Form.Item>
        <Form.Item name="maintain_every_days" label={t('devices.field.maintain_every_days')}>
          <InputNumber min={1} max={36_500} precision={0} style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="heartbeat_s" label={t('devices.field.heartbeat_s')} extra={t('devices.hint.heartbeat_s')}>
          <InputNumber min={1} max={2_678_400} style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="connector" label={t('devices.field.connector')}>
          <Input maxLength={64} />
        </Form.Item>
        <Form.Item name="groups" label={t('devices.field.groups')}>
          <Select mode="tags" tokenSeparators={[';', '；']} options={(facets?.group ?? []).filter((one) => Object.keys(one.filter).length === 0).map((one) => ({ value: one.id }))} />
        </Form.Item>
        <Form.Item name="tags" label={t('devices.field.tags')}>
          <Select mode="tags" tokenSeparators={[';', '；']} options={options(facets?.tag)} />
        </Form.Item>
        <Form.Item name="notes" label={t('devices.field.notes')} className={styles.wide ?? ''}>
          <Input.TextArea maxLength={4000} autoSize={{ minRows: 2, maxRows: 6 }} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
