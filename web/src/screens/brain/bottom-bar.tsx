/** Bottom of the wall: layers, storeys, legend, search, tools. */
import { QuestionCircleOutlined, UnorderedListOutlined } from '@ant-design/icons'
import { Button } from 'antd'

import type { ObjectItem } from '../../api/types'
import { Legend } from '../../components/legend'
import { SearchBox } from '../../components/search-box'
import { useStage } from '../../components/stage-context'
import { StoreySwitch } from '../../components/storey-switch'
import { ToolBar } from '../../components/tool-bar'
import { useText } from '../../i18n/use-text'
import type { ThemeLegend } from '../../tools/live-theme'
import styles from './bottom-bar.module.css'

interface Properties {
  legend: ThemeLegend | null
  onLayers: () => void
  onHelp: () => void
  searchFocus: React.RefObject<(() => void) | null>
}

const TOOLS = ['measure', 'section', 'xray', 'walk', 'showAll'] as const

export function BottomBar({ legend, onLayers, onHelp, searchFocus }: Properties) {
  const { t } = useText()
  const stage = useStage()
  return (
    <footer className={styles.bar}>
      <div className={styles.group}>
        <Button icon={<UnorderedListOutlined />} onClick={onLayers}>
          {t('layers.title')}
        </Button>
        <StoreySwitch />
      </div>
      <div className={styles.legend}>
        <Legend legend={legend} />
      </div>
      <div className={styles.group}>
        <SearchBox
          focusRef={searchFocus}
          onChoose={(item: ObjectItem) => void stage?.reveal(item, { open: item.storey !== null })}
          onConcept={(gid) => stage?.showConcept(gid)}
        />
        <ToolBar commands={TOOLS} name="park" />
        <Button type="text" icon={<QuestionCircleOutlined />} aria-label={t('help.keys')} onClick={onHelp} />
      </div>
    </footer>
  )
}
