"""Addresses of publication: the office's and everybody's."""

from django.urls import URLPattern, path

from qinnan_safety.publication import office, public

urlpatterns: list[URLPattern] = [
    path("publication/", office.publication_desk, name="publication_desk"),
    path("publication/publish/", office.publication_publish, name="publication_publish"),
    path("publication/fields/", office.publication_openness, name="publication_openness"),
    path("publication/<int:edition>/", office.publication_detail, name="publication_detail"),
    path(
        "publication/<int:edition>/withdraw/",
        office.publication_withdraw,
        name="publication_withdraw",
    ),
    path("public/", public.public_home, name="public_home"),
    path("public/data/<slug:table>.<slug:ending>", public.public_newest_data, name="newest_data"),
    path("public/<int:edition>/", public.public_edition, name="public_edition"),
    path("public/<int:edition>/tasks/", public.public_tasks, name="public_tasks"),
    path("public/<int:edition>/data/", public.public_dictionary, name="public_dictionary"),
    path(
        "public/<int:edition>/data/<slug:table>.<slug:ending>",
        public.public_data,
        name="public_data",
    ),
]
