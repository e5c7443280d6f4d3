/** Layers by group with their switches, and the tree of objects. */
import { ExportOutlined } from '@ant-design/icons'
import { Button, Drawer, Switch, Tabs } from 'antd'
import { useState } from 'react'

import type { SceneLayer } from '../api/types'
import { formatNumber } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { ofLayer, openExport } from './exporting'
import styles from './layers-content.module.css'
import { ObjectTree } from './object-tree'
import { useStage, useStageState } from './stage-context'

const GROUPS: readonly SceneLayer['group'][] = ['building', 'base', 'underground', 'terrain', 'neighbour', 'scheme', 'submission']
const NONE: ReadonlySet<string> = new Set()

export function LayersContent({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useText()
  const [seen, setSeen] = useState(false)
  return (
    // Not destroyed when it closes: the library keeps the element that last had the focus of every drawer it ever made, and with it all
    // that hung around it. One drawer that stays is one such element; only what is in it goes.
    <Drawer title={t('layers.title')} placement="left" size="26rem" open={open} onClose={onClose} mask={false} afterOpenChange={setSeen}>
      {open || seen ? (
        <Tabs
          items={[
            { key: 'layers', label: t('layers.layers'), children: <Layers /> },
            { key: 'tree', label: t('layers.tree'), children: <ObjectTree /> },
          ]}
        />
      ) : null}
    </Drawer>
  )
}

function Layers() {
  const stage = useStage()
  const { t, language, pick } = useText()
  const hidden = useStageState((state) => state.hiddenLayers, NONE)
  if (!stage) return null
  return (
    <>
      {GROUPS.map((group) => {
        const layers = stage.manifest.layers.filter((layer) => layer.group === group)
        if (layers.length === 0) return null
        return (
          <section key={group} className={styles.group}>
            <h3>{t(`group.${group}`)}</h3>
            <ul>
              {layers.map((layer) => {
                const title = pick(layer.title, layer.title_en)
                return (
                  <li key={layer.layer}>
                    <button type="button" onClick={() => void stage.viewer.flyTo(layer.box)} title={t('menu.fly')}>
                      {title} <small>{formatNumber(layer.count, language)}</small>
                    </button>
                    <Button
                      type="text"
                      size="small"
                      icon={<ExportOutlined />}
                      title={t('menu.export')}
                      aria-label={t('export.open', { name: title })}
                      onClick={() => openExport(ofLayer(layer, title, t))}
                    />
                    <Switch
                      size="small"
                      aria-label={title}
                      checked={!hidden.has(layer.layer)}
                      onChange={(visible) => stage.setLayerVisible(layer.layer, visible)}
                    />
                  </li>
                )
              })}
            </ul>
          </section>
        )
      })}
    </>
  )
}
