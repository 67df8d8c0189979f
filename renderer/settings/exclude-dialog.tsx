import { X } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { WatchedFolder } from '../../shared/contract/app/folders.ts';
import { useAppCall } from '../app/engine.tsx';
import { Button, IconButton } from '../design/button.tsx';
import { ConfirmDialog } from '../design/confirm-dialog.tsx';
import { TextField } from '../design/text-field.tsx';
import { folderName } from '../folders/paths.ts';
import { ruleProblem, type RuleProblem } from './exclude-rules.ts';

const EXAMPLES = ['Screenshots', '*.gif', 'Export/**'] as const;

/** Which names below a folder are left alone. */
export function ExcludeDialog({
  folder,
  onClose,
}: {
  readonly folder: WatchedFolder;
  readonly onClose: () => void;
}): ReactElement {
  const { t } = useTranslation(['settings', 'common']);
  const [rules, setRules] = useState<readonly string[]>(folder.exclude);
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<RuleProblem | null>(null);
  const update = useAppCall('folders.update');
  const add = (rule: string): boolean => {
    const found = ruleProblem(rule, rules);
    setProblem(found);
    if (found !== null) return false;
    setRules([...rules, rule.trim()]);
    setTyped('');
    return true;
  };
  const save = (): void => {
    const pending = typed.trim();
    if (pending !== '' && ruleProblem(pending, rules) !== null) {
      setProblem(ruleProblem(pending, rules));
      return;
    }
    const exclude = pending === '' ? [...rules] : [...rules, pending];
    update.mutate({ id: folder.id, exclude }, { onSuccess: onClose });
  };
  const unused = EXAMPLES.filter((example) => !rules.includes(example));
  return (
    <ConfirmDialog
      title={t('excludeTitle', { name: folderName(folder.path) })}
      confirm={t('common:save')}
      call={update}
      onConfirm={save}
      onClose={onClose}
    >
      <p className="settings-soft">{t('excludeText')}</p>
      {rules.length === 0 ? (
        <p className="settings-empty">{t('noRules')}</p>
      ) : (
        <ul className="settings-rules" aria-label={t('rules')}>
          {rules.map((rule) => (
            <li key={rule}>
              <code>{rule}</code>
              <IconButton
                icon={X}
                label={t('removeRule', { rule })}
                tooltip={false}
                onPress={() => {
                  setRules(rules.filter((each) => each !== rule));
                }}
              />
            </li>
          ))}
        </ul>
      )}
      <form
        className="settings-inline"
        onSubmit={(event) => {
          event.preventDefault();
          add(typed);
        }}
      >
        <TextField
          label={t('newRule')}
          value={typed}
          error={problem === null ? undefined : t(problem)}
          autoComplete="off"
          spellCheck="false"
          validationBehavior="aria"
          onChange={(text) => {
            setTyped(text);
            setProblem(null);
          }}
        />
        <Button type="submit">{t('addRule')}</Button>
      </form>
      {unused.length === 0 ? null : (
        <div className="settings-examples">
          <span className="settings-soft">{t('examples')}</span>
          {unused.map((example) => (
            <Button
              key={example}
              size="small"
              variant="quiet"
              onPress={() => {
                add(example);
              }}
            >
              {example}
            </Button>
          ))}
        </div>
      )}
    </ConfirmDialog>
  );
}
