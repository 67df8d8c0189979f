import { CloudAlert } from 'lucide-react';
import { Component, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../design/button.tsx';
import { EmptyState } from '../design/surface.tsx';

interface Props {
  readonly children: ReactNode;
  /** What is shown; a new value gives the view another chance. */
  readonly resetKey: string;
}

/** Keeps a view that fails from taking the window with it. */
export class ErrorBoundary extends Component<Props, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override componentDidUpdate(before: Props): void {
    if (this.state.failed && before.resetKey !== this.props.resetKey) {
      this.setState({ failed: false });
    }
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Crashed
        onAgain={() => {
          this.setState({ failed: false });
        }}
      />
    );
  }
}

function Crashed({ onAgain }: { readonly onAgain: () => void }): ReactElement {
  const { t } = useTranslation('common');
  return (
    <EmptyState
      icon={CloudAlert}
      title={t('crashed')}
      text={t('crashedHint')}
      actions={
        <Button variant="primary" onPress={onAgain}>
          {t('crashedAgain')}
        </Button>
      }
    />
  );
}
