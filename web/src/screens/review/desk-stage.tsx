/** The middle of a desk: the model on its stage, the chosen object's card, storeys and tools. */
import { ChosenCard } from '../../components/chosen-card'
import { Stage } from '../../components/stage'
import { StoreySwitch } from '../../components/storey-switch'
import { ToolBar } from '../../components/tool-bar'
import type { SceneManifest } from '../../api/types'
import { useText } from '../../i18n/use-text'
import desk from '../../styles/desk.module.css'
import type { StageController } from '../../tools/stage-controller'
import styles from './review-desk.module.css'

const TOOLS = ['fit', 'xray', 'section', 'measure', 'walk', 'showAll'] as const

interface Properties {
  manifest: SceneManifest | undefined
  layer: string | undefined
  /** What a picture that is taken here is called. */
  name: string
  onStage: (stage: StageController | null) => void
}

export function DeskStage({ manifest, layer, name, onStage }: Properties) {
  const { t } = useText()
  return (
    <div className={desk.stage}>
      <Stage manifest={manifest} label={t('stage.label')} onStage={onStage} />
      <ChosenCard className={styles.card} />
      <div className={desk.storeys}>
        <StoreySwitch prefer={layer} />
      </div>
      <div className={desk.tools}>
        <ToolBar commands={TOOLS} name={name} />
      </div>
    </div>
  )
}
