import { LogIn } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { DestinationStatus } from '../../shared/contract/app/destinations.ts';
import { useAppCall } from '../app/engine.tsx';
import { Button, ButtonLink } from '../design/button.tsx';
import { DestinationFailure } from '../destinations/destination-failure.tsx';
import { SignInDialog } from '../destinations/sign-in-dialog.tsx';
import { useSignInCard } from '../destinations/use-sign-in-card.ts';
import { useTold } from './pause-control.tsx';

/** Why a destination is not well, and the way out. */
export function DestinationTrouble({
  destination,
}: {
  readonly destination: DestinationStatus;
}): ReactElement {
  const { t } = useTranslation('sync');
  const told = useTold();
  const again = useAppCall('sync.now');
  const [signingIn, setSigningIn] = useState(false);
  const { health } = destination;
  const card = useSignInCard(destination);
  const dialog =
    signingIn && card !== null ? (
      <SignInDialog
        destination={destination}
        card={card}
        onClose={() => {
          setSigningIn(false);
        }}
      />
    ) : null;
  return (
    <>
      <DestinationFailure
        destination={destination}
        signsIn={card !== null}
        actions={
          <>
            {health !== 'signIn' ? null : card === null ? (
              <ButtonLink href="/settings/destinations" size="small">
                {t(destination.card.startsWith('file') ? 'toDestination' : 'signIn')}
              </ButtonLink>
            ) : (
              <Button
                size="small"
                icon={LogIn}
                onPress={() => {
                  setSigningIn(true);
                }}
              >
                {t('signInAgain')}
              </Button>
            )}
            <Button
              size="small"
              isPending={again.isPending}
              onPress={() => {
                again.mutate({}, told);
              }}
            >
              {t(health === 'full' ? 'spaceFreed' : 'tryAgain')}
            </Button>
          </>
        }
      />
      {dialog}
    </>
  );
}
