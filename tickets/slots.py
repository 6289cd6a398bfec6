"""What tickets shows in the desk's and the visitor's pages (chatdesk.slots): each part of it registers here."""
