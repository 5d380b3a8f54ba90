"""The pages and the HTTP interface of the review desk: FastAPI, server-rendered, no asset of another origin.

:func:`semantix.review.web.app.create_app` puts the shell around the routers; :mod:`semantix.review.web.guard` stands in
front of all of them: no request reaches a page that is too large, from elsewhere, or of nobody.
"""
