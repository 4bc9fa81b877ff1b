"""The Flask application as a CGI script, by what Python's standard library brings for it."""

import os
import sys
from wsgiref.handlers import CGIHandler

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from flask_app import app

CGIHandler().run(app)
