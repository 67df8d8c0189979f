import { useState, type ReactElement } from 'react';
import { useLocation, useParams } from 'wouter';

import { TimelineView } from '../timeline/timeline-view.tsx';
import { Lightbox } from './lightbox.tsx';

/** The timeline with one of its photos in front, for links to that photo. */
export function PhotoView(): ReactElement {
  const { id = '' } = useParams();
  const [, navigate] = useLocation();
  const [everything] = useState({});
  return (
    <>
      <TimelineView />
      <Lightbox
        key={id}
        id={id}
        filter={everything}
        onClose={() => {
          navigate('/');
        }}
      />
    </>
  );
}
