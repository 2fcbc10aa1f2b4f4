"""Prints the accessibility tree of a process as a screen reader gets it: a line for each element, indented by depth.

Usage: accessible_tree.py PROCESS_ID, with the session bus of that process. Elements that a reader passes over are left
out: they have no name, no description and a role that says nothing. Needs python3-pyatspi.
"""

import sys
import time

import pyatspi

WAIT_S = 20
SILENT = {'filler', 'section', 'panel', 'redundant object', 'unknown', 'scroll pane', 'image'}
STATES = {
    pyatspi.STATE_FOCUSED: 'focused',
    pyatspi.STATE_SELECTED: 'selected',
    pyatspi.STATE_CHECKED: 'checked',
    pyatspi.STATE_EXPANDED: 'expanded',
}


def application_of(process_id):
    for application in pyatspi.Registry.getDesktop(0):
        if application is not None and application.get_process_id() == process_id:
            return application
    return None


def document_in(accessible):
    if accessible.getRoleName() == 'document web':
        return accessible
    for child in accessible:
        found = document_in(child) if child is not None else None
        if found is not None:
            return found
    return None


def text_of(accessible):
    """The text of an element without children; that of others repeats what their children say."""
    if accessible.childCount > 0:
        return ''
    try:
        text = accessible.queryText()
    except NotImplementedError:
        return ''
    return ' '.join(text.getText(0, -1).split())


def lines_of(accessible, depth):
    role = accessible.getRoleName()
    name = ' '.join((accessible.name or '').split())
    text = text_of(accessible)
    description = ' '.join((accessible.description or '').split())
    states = accessible.getState()
    told = [word for state, word in STATES.items() if states.contains(state)]
    if not states.contains(pyatspi.STATE_ENABLED) and role == 'push button':
        told.append('disabled')
    is_silent = role in SILENT and not name and not description and not text
    if not is_silent:
        own = [f'"{name}"' if name else '', f': {text}' if text and text != name else '']
        words = [role, *own, f'({description})' if description else '', *told]
        yield '  ' * depth + ' '.join(word for word in words if word)
    for child in accessible:
        if child is not None:
            yield from lines_of(child, depth if is_silent else depth + 1)


def main():
    process_id = int(sys.argv[1])
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        application = application_of(process_id)
        document = document_in(application) if application is not None else None
        if document is not None and document.childCount > 0:
            print('\n'.join(lines_of(document, 0)))
            return
        time.sleep(0.2)
    sys.exit(f'process {process_id} has no page on the accessibility bus within {WAIT_S} s')


main()
