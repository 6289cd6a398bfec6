from chatdesk.guide.book import Book, book
from chatdesk.guide.markdown import Heading
from chatdesk.guide.page import Page
from chatdesk.guide.persons import PERSONS, Person
from chatdesk.guide.search import Hit, search

__all__ = ["PERSONS", "Book", "Heading", "Hit", "Page", "Person", "book", "search"]
